using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// What <c>Z</c> and <c>z</c> have in common, and what identifies a breakpoint: <c>type,addr,kind</c>.
/// </summary>
/// <param name="Kind">The type digit.</param>
/// <param name="Address">Where.</param>
/// <param name="Length">For watchpoints the number of bytes watched; for breakpoints on x86 the length of the
/// breakpoint instruction, 1.</param>
public readonly record struct BreakpointTarget(BreakpointKind Kind, ulong Address, int Length)
{
    internal static bool TryParse(scoped ref PayloadReader reader, out BreakpointTarget target)
    {
        target = default;
        if (!reader.TryNumber(out ulong type))
        {
            return false;
        }

        // Types to come must get the empty reply, or gdb would not fall back to another method.
        if (type > (ulong)BreakpointKind.AccessWatch)
        {
            return reader.Fail(PacketError.Unsupported);
        }

        if (!reader.TrySkip((byte)',') || !reader.TryNumber(out ulong address) || !reader.TrySkip((byte)',')
            || !reader.TryNumber(out int length))
        {
            return false;
        }

        target = new BreakpointTarget((BreakpointKind)type, address, length);
        return true;
    }
}
