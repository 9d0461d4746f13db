using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary><c>qOffsets</c>: asks how far the sections were moved; <c>Text=0;Data=0;Bss=0</c>, or empty.</summary>
public readonly ref struct Offsets : IPacket<Offsets>
{
    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qOffsets"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qOffsets", "where was the program relocated to?");

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out Offsets packet)
    {
        packet = default;
        return reader.TryEnd();
    }
}
