using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>qTStatus</c>: asks for the state of tracepoints; empty where there are none.</summary>
public readonly ref struct TraceStatus : IPacket<TraceStatus>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qTStatus"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qTStatus", "is a trace running?");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out TraceStatus packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
