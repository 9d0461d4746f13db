using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>vKill;pid</c>: ends a process; unlike <c>k</c> it is answered, with <c>OK</c>.</summary>
public readonly ref struct KillProcess : IPacket<KillProcess>
{
    private KillProcess(int process) => Process = process;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vKill"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vKill;pid", "kill a process");

    /// <summary>Which process.</summary>
    public int Process { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out KillProcess packet)
    {
        int process = 0;
        bool valid = reader.TrySkip((byte)';') && reader.TryNumber(out process) && reader.TryEnd();
        packet = new KillProcess(process);
        return valid;
    }
}
