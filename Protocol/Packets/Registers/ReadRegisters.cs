using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>g</c>: the selected thread's registers in target description order, each in memory order; <c>xx</c> for a byte
/// that is not available. Registers missing at the end are fetched with <c>p</c> when needed (gdb 13,
/// <c>remote_target::process_g_packet</c>).
/// </summary>
public readonly ref struct ReadRegisters : IPacket<ReadRegisters>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "g"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("g", "read all registers");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out ReadRegisters packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
