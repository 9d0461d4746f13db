using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>bc</c>: runs backwards until something stops it, or to the beginning of history.</summary>
public readonly ref struct ReverseContinue : IPacket<ReverseContinue>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "bc"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("bc", "continue backwards", StubFeature.ReverseContinue);

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReverseContinue packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
