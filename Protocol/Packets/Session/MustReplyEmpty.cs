using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vMustReplyEmpty</c>: must be answered as an unknown packet is. gdb sends it to detect stubs that answer <c>OK</c>
/// to everything that starts with <c>v</c>.
/// </summary>
public readonly ref struct MustReplyEmpty : IPacket<MustReplyEmpty>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vMustReplyEmpty"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vMustReplyEmpty", "probe for an empty reply");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out MustReplyEmpty packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
