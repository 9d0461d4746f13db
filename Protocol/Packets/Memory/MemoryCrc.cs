using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qCRC:addr,length</c>: asks for the CRC-32 of memory; the answer is <c>C</c> and the number. See
/// <see cref="GdbCrc32"/>.
/// </summary>
public readonly ref struct MemoryCrc : IPacket<MemoryCrc>
{
    private MemoryCrc(ulong address, ulong length)
    {
        Address = address;
        Length = length;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qCRC:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qCRC:addr,length", "checksum of memory, for compare-sections");

    /// <summary>The first byte's address.</summary>
    public ulong Address { get; }

    /// <summary>How many bytes.</summary>
    public ulong Length { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out MemoryCrc packet)
    {
        ulong length = 0;
        bool valid = reader.TryNumber(out ulong address) && reader.TrySkip((byte)',')
            && reader.TryNumber(out length) && reader.TryEnd();
        packet = new MemoryCrc(address, length);
        return valid;
    }
}
