using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>k</c>: ends the program. There is no reply (GDB manual, packet <c>k</c>: "the exact effect is not specified").
/// </summary>
public readonly ref struct Kill : IPacket<Kill>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "k"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("k", "kill, no reply");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Kill packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
