using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>bs</c>: undoes one instruction of the thread selected by <c>Hc</c>.</summary>
public readonly ref struct ReverseStep : IPacket<ReverseStep>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "bs"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("bs", "step backwards", StubFeature.ReverseStep);

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReverseStep packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
