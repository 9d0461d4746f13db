using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>D[;pid]</c>: lets the program go; answered with <c>OK</c>.</summary>
public readonly ref struct Detach : IPacket<Detach>
{
    private Detach(int? process) => Process = process;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "D"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("D[;pid]", "detach");

    /// <summary>Which process, or <c>null</c>: all.</summary>
    public int? Process { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Detach packet)
    {
        int number = 0;
        bool given = reader.SkipIf((byte)';');
        bool valid = (!given || reader.TryNumber(out number)) && reader.TryEnd();
        int? process = given ? number : null;
        packet = new Detach(process);
        return valid;
    }
}
