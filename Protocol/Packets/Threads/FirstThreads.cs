using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qfThreadInfo</c>: asks for the first part of the thread list; the answer is <c>m</c> and ids separated by commas.
/// </summary>
public readonly ref struct FirstThreads : IPacket<FirstThreads>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qfThreadInfo"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qfThreadInfo", "list threads: the first part");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out FirstThreads packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
