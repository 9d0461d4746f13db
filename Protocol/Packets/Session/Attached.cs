using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qAttached[:pid]</c>: asks whether the program was there before (<c>1</c>: quitting gdb detaches) or was started
/// for the debugger (<c>0</c>: quitting gdb kills).
/// </summary>
public readonly ref struct Attached : IPacket<Attached>
{
    private Attached(int? process) => Process = process;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qAttached"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qAttached[:pid]", "attached to, or started by us?");

    /// <summary>Which process, or <c>null</c>: the only one.</summary>
    public int? Process { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Attached packet)
    {
        int number = 0;
        bool given = reader.SkipIf((byte)':');
        bool valid = (!given || reader.TryNumber(out number)) && reader.TryEnd();
        int? process = given ? number : null;
        packet = new Attached(process);
        return valid;
    }
}
