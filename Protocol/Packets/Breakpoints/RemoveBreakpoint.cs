using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>z type,addr,kind</c>: removes a breakpoint or watchpoint; removing one that is not set is not an error.
/// </summary>
public readonly ref struct RemoveBreakpoint : IPacket<RemoveBreakpoint>
{
    private RemoveBreakpoint(BreakpointTarget target) => Target = target;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "z"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("z type,addr,kind", "remove a breakpoint or watchpoint");

    /// <summary>Which breakpoint.</summary>
    public BreakpointTarget Target { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out RemoveBreakpoint packet)
    {
        bool valid = BreakpointTarget.TryParse(ref reader, out BreakpointTarget target) && reader.TryEnd();
        packet = new RemoveBreakpoint(target);
        return valid;
    }
}
