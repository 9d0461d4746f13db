using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>qC</c>: asks for the current thread; the answer is <c>QC</c> and its id.</summary>
public readonly ref struct CurrentThread : IPacket<CurrentThread>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qC"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qC", "which thread is current?");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out CurrentThread packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
