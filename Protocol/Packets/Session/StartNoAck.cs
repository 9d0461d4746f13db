using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>QStartNoAckMode</c>: switches acknowledgements off, once <c>OK</c> has been sent and itself been acknowledged.
/// </summary>
public readonly ref struct StartNoAck : IPacket<StartNoAck>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "QStartNoAckMode"u8;

    /// <inheritdoc/>
    public static PacketInfo Info =>
        new("QStartNoAckMode", "no acknowledgements from now on", StubFeature.StartNoAckMode);

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out StartNoAck packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
