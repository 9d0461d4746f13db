using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>qsThreadInfo</c>: asks for the next part of the thread list; <c>l</c> ends it.</summary>
public readonly ref struct NextThreads : IPacket<NextThreads>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qsThreadInfo"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qsThreadInfo", "list threads: what follows");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out NextThreads packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
