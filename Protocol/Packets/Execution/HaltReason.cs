using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>?</c>: asks why the target stopped; answered by a stop reply. gdb sends it once, when it connects.
/// </summary>
public readonly ref struct HaltReason : IPacket<HaltReason>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "?"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("?", "why did the target stop?");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out HaltReason packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
