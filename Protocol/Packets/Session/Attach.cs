using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vAttach;pid</c>: attaches to a process and stops it; answered by a stop reply.</summary>
public readonly ref struct Attach : IPacket<Attach>
{
    private Attach(int process) => Process = process;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vAttach"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vAttach;pid", "attach to a process");

    /// <summary>Which process.</summary>
    public int Process { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Attach packet)
    {
        int process = 0;
        bool valid = reader.TrySkip((byte)';') && reader.TryNumber(out process) && reader.TryEnd();
        packet = new Attach(process);
        return valid;
    }
}
