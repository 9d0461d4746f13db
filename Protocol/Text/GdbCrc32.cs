namespace KgdbSim.Protocol.Text;

/// <summary>
/// The CRC-32 of <c>qCRC</c>: polynomial 0x04C11DB7, most significant bit first, starting with all ones, not inverted
/// at the end (GDB manual, "General Query Packets", qCRC; the variant catalogued as CRC-32/MPEG-2).
/// </summary>
public static class GdbCrc32
{
    /// <summary>The register before the first byte.</summary>
    public const uint Initial = 0xFFFF_FFFF;

    private const uint Polynomial = 0x04C1_1DB7;

    private static readonly uint[] Table = BuildTable();

    /// <summary>Continues <paramref name="crc"/> over more bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc = (crc << 8) ^ Table[(crc >> 24) ^ value];
        }

        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint crc = index << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc >> 31) * Polynomial);
            }

            table[index] = crc;
        }

        return table;
    }
}
