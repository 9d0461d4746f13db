namespace KgdbSim.Target.Memory;

/// <summary>How much of the linear address space one entry of the paging structures decides about (SDM vol. 3, chapter 4).</summary>
internal static class PageExtent
{
    private const ulong Present = 1;
    private const ulong Large = 1 << 7;

    /// <summary>Without paging, and for what a 32-bit address can name.</summary>
    private const int UnpagedBits = 32;

    /// <summary>Bytes of the naturally aligned range around an address that is a page, or that no entry maps; a power of two.</summary>
    public static ulong Of(PhysicalMemory memory, in PagingMode mode, ulong cr3, ulong linear)
    {
        if (!mode.Enabled)
        {
            return 1UL << UnpagedBits;
        }

        return mode.Pae ? OfWide(memory, mode, cr3, linear) : Of32(memory, mode, cr3, linear);
    }

    private static ulong OfWide(PhysicalMemory memory, in PagingMode mode, ulong cr3, ulong linear)
    {
        int level = mode.LongMode ? mode.La57 ? 5 : 4 : 3;
        ulong table = level == 3 ? cr3 & 0xFFFF_FFE0 : cr3;
        for (; ; level--)
        {
            int shift = PhysicalPage.Shift + (9 * (level - 1));
            ulong index = (linear >> shift) & (level == 3 && !mode.LongMode ? 3UL : 511UL);
            ulong entry = Load(memory, Frame(table, level, mode) + (index * 8), 8);
            bool pointer = level == 3 && !mode.LongMode;
            if ((entry & Present) == 0 || level == 1 || (!pointer && level <= 3 && (entry & Large) != 0))
            {
                return 1UL << shift;
            }

            table = entry;
        }
    }

    // The four pointers of PAE paging need not stand at the beginning of a page.
    private static ulong Frame(ulong table, int level, in PagingMode mode) =>
        level == 3 && !mode.LongMode ? table : table & ((1UL << PageWalker.PhysicalBits) - 1) & ~PhysicalPage.OffsetMask;

    private static ulong Of32(PhysicalMemory memory, in PagingMode mode, ulong cr3, ulong linear)
    {
        ulong entry = Load(memory, (cr3 & 0xFFFF_F000) + (((linear >> 22) & 0x3FF) * 4), 4);
        bool table = (entry & Present) != 0 && !(mode.PageSizeExtension && (entry & Large) != 0);
        return table ? PhysicalPage.Size : 4UL << 20;
    }

    private static ulong Load(PhysicalMemory memory, ulong address, int bytes)
    {
        Span<byte> entry = stackalloc byte[8];
        if (memory.IsRam(address))
        {
            memory.Read(address, entry[..bytes]);
        }

        return BitConverter.ToUInt64(entry);
    }
}
