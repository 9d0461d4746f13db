namespace KgdbSim.Target.Memory;

/// <summary>What of the processor's state decides a page walk.</summary>
internal readonly record struct PagingMode(
    bool Enabled,
    bool Pae,
    bool LongMode,
    bool La57,
    bool PageSizeExtension,
    bool WriteProtect,
    bool NoExecute,
    bool Smep,
    bool Smap);

/// <summary>A finished walk: a frame, or why there is none.</summary>
internal readonly record struct Translation(bool Ok, ulong Physical, bool Writable, uint ErrorCode)
{
    public static Translation To(ulong physical, bool writable) => new(true, physical, writable, 0);

    public static Translation Fault(uint errorCode) => new(false, 0, false, errorCode);
}

/// <summary>
/// Page-table walks for all paging modes: none, 32-bit, PAE, 4-level and 5-level (SDM vol. 3, chapter 4). Sets accessed
/// and dirty bits, checks reserved bits, U/S, R/W, NX, WP, SMEP and SMAP.
/// </summary>
internal static class PageWalker
{
    private const ulong Present = 1 << 0;
    private const ulong Writable = 1 << 1;
    private const ulong User = 1 << 2;
    private const ulong Accessed = 1 << 5;
    private const ulong Dirty = 1 << 6;
    private const ulong Large = 1 << 7;
    private const ulong NoExecute = 1UL << 63;

    /// <summary>MAXPHYADDR that CPUID reports.</summary>
    public const int PhysicalBits = 46;

    private const ulong FrameMask = ((1UL << PhysicalBits) - 1) & ~PhysicalPage.OffsetMask;
    private const ulong ReservedPhysical = ((1UL << 52) - 1) & ~((1UL << PhysicalBits) - 1);

    /// <summary>Reserved in the four page-directory-pointer entries of PAE paging (SDM vol. 3, table 4-8).</summary>
    private const ulong ReservedInPointer = ReservedPhysical | 0xFFF0_0000_0000_01E6;

    /// <summary>Page-fault error code bits (SDM vol. 3, 4.7).</summary>
    public const uint ErrorPresent = 1;

    public const uint ErrorUser = 4;
    public const uint ErrorReserved = 8;

    /// <param name="access">Read, write or execute.</param>
    /// <param name="user">A user-mode access: CPL 3 and not an implicit supervisor access.</param>
    /// <param name="allowUserPages">SMAP is overridden by RFLAGS.AC.</param>
    /// <param name="commit">Set accessed and dirty bits; a debugger's walk does not.</param>
    public static Translation Walk(
        PhysicalMemory memory,
        in PagingMode mode,
        ulong cr3,
        ulong linear,
        AccessKind access,
        bool user,
        bool allowUserPages,
        bool commit)
    {
        if (!mode.Enabled)
        {
            return Translation.To(linear & FrameMask, true);
        }

        return mode.Pae
            ? WalkWide(memory, mode, cr3, linear, access, user, allowUserPages, commit)
            : Walk32(memory, mode, cr3, linear, access, user, allowUserPages, commit);
    }

    /// <summary>
    /// The four page-directory-pointer entries that PAE paging would load with this CR3 are good: none is present with a
    /// reserved bit set (SDM vol. 3, 4.4.1; APM vol. 3, "MOV CRn").
    /// </summary>
    public static bool PointersAreGood(PhysicalMemory memory, ulong cr3)
    {
        const int Count = 4;
        ulong table = cr3 & 0xFFFF_FFE0;
        for (ulong i = 0; i < Count; i++)
        {
            ulong address = table + (i * 8);
            ulong entry = memory.IsRam(address) ? Load(memory, address) : 0;
            if ((entry & Present) != 0 && (entry & ReservedInPointer) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static Translation WalkWide(
        PhysicalMemory memory, in PagingMode mode, ulong cr3, ulong linear, AccessKind access, bool user, bool allowUserPages, bool commit)
    {
        int level = mode.LongMode ? mode.La57 ? 5 : 4 : 3;
        ulong table = level == 3 ? cr3 & 0xFFFF_FFE0 : cr3 & FrameMask;
        ulong rights = Writable | User;
        ulong noExecute = 0;
        Span<ulong> path = stackalloc ulong[5];
        int depth = 0;
        for (; ; level--)
        {
            int indexBits = level == 3 && !mode.LongMode ? 2 : 9;
            ulong index = (linear >> (PhysicalPage.Shift + (9 * (level - 1)))) & ((1UL << indexBits) - 1);
            ulong address = table + (index * 8);
            ulong entry = memory.IsRam(address) ? Load(memory, address) : 0;
            if ((entry & Present) == 0)
            {
                return Translation.Fault(Error(mode, access, user, 0));
            }

            bool legacyPdpte = level == 3 && !mode.LongMode;
            bool leaf = level == 1 || (!legacyPdpte && level <= 3 && (entry & Large) != 0);
            if ((entry & ReservedBits(mode, level, leaf, legacyPdpte)) != 0)
            {
                return Translation.Fault(Error(mode, access, user, ErrorPresent | ErrorReserved));
            }

            path[depth++] = address;
            if (!legacyPdpte)
            {
                rights &= entry;
                noExecute |= mode.NoExecute ? entry & NoExecute : 0;
            }

            if (leaf)
            {
                if (!Allowed(mode, access, user, allowUserPages, rights, noExecute))
                {
                    return Translation.Fault(Error(mode, access, user, ErrorPresent));
                }

                if (commit)
                {
                    Mark(memory, path[..depth], access, skipFirst: !mode.LongMode);
                }

                ulong offsetMask = (1UL << (PhysicalPage.Shift + (9 * (level - 1)))) - 1;
                ulong physical = (entry & FrameMask & ~offsetMask) | (linear & offsetMask & ~PhysicalPage.OffsetMask);
                return Translation.To(physical, CanWrite(mode, user, rights));
            }

            table = entry & FrameMask;
        }
    }

    private static ulong ReservedBits(in PagingMode mode, int level, bool leaf, bool legacyPdpte)
    {
        ulong reserved = ReservedPhysical | (mode.NoExecute ? 0 : NoExecute);
        if (legacyPdpte)
        {
            return ReservedInPointer;
        }

        if (leaf && level > 1)
        {
            // Bits 12 (PAT) apart, the low address bits of a large page are reserved.
            reserved |= ((1UL << (PhysicalPage.Shift + (9 * (level - 1)))) - 1) & ~0x1FFFUL;
        }
        else if (level >= 4)
        {
            reserved |= Large;
        }

        return mode.LongMode ? reserved : reserved | 0x7FF0_0000_0000_0000;
    }

    private static Translation Walk32(
        PhysicalMemory memory, in PagingMode mode, ulong cr3, ulong linear, AccessKind access, bool user, bool allowUserPages, bool commit)
    {
        ulong directoryAddress = (cr3 & 0xFFFF_F000) + (((linear >> 22) & 0x3FF) * 4);
        uint directory = memory.IsRam(directoryAddress) ? Load32(memory, directoryAddress) : 0;
        if ((directory & Present) == 0)
        {
            return Translation.Fault(Error(mode, access, user, 0));
        }

        bool large = mode.PageSizeExtension && (directory & Large) != 0;
        if (large && (directory & 0x3F_E000) >> 13 != 0 && (directory & (1u << 21)) != 0)
        {
            return Translation.Fault(Error(mode, access, user, ErrorPresent | ErrorReserved));
        }

        ulong rights = directory & (Writable | User);
        ulong leafAddress = directoryAddress;
        uint leaf = directory;
        if (!large)
        {
            leafAddress = (directory & 0xFFFF_F000) + (((linear >> 12) & 0x3FF) * 4);
            leaf = memory.IsRam(leafAddress) ? Load32(memory, leafAddress) : 0;
            if ((leaf & Present) == 0)
            {
                return Translation.Fault(Error(mode, access, user, 0));
            }

            rights &= leaf;
        }

        if (!Allowed(mode, access, user, allowUserPages, rights, 0))
        {
            return Translation.Fault(Error(mode, access, user, ErrorPresent));
        }

        if (commit)
        {
            Store32(memory, directoryAddress, directory, (uint)(directory | Accessed));
            ulong dirty = access == AccessKind.Write ? Dirty : 0;
            uint now = large ? Load32(memory, directoryAddress) : leaf;
            Store32(memory, leafAddress, now, (uint)(now | Accessed | dirty));
        }

        ulong physical = large
            ? (leaf & 0xFFC0_0000) | ((ulong)(leaf & 0x1F_E000) << 19) | (linear & 0x3F_F000)
            : leaf & 0xFFFF_F000;
        return Translation.To(physical & FrameMask, CanWrite(mode, user, rights));
    }

    private static bool CanWrite(in PagingMode mode, bool user, ulong rights) =>
        (rights & Writable) != 0 || (!user && !mode.WriteProtect);

    private static bool Allowed(
        in PagingMode mode, AccessKind access, bool user, bool allowUserPages, ulong rights, ulong noExecute)
    {
        bool userPage = (rights & User) != 0;
        if (user && !userPage)
        {
            return false;
        }

        if (access == AccessKind.Execute)
        {
            return noExecute == 0 && (user || !userPage || !mode.Smep);
        }

        if (!user && userPage && mode.Smap && !allowUserPages)
        {
            return false;
        }

        return access != AccessKind.Write || CanWrite(mode, user, rights);
    }

    private static uint Error(in PagingMode mode, AccessKind access, bool user, uint bits)
    {
        // The I/D bit is reported only where a fetch is told apart: NX in force, or SMEP (SDM vol. 3, 4.7).
        uint kind = access == AccessKind.Execute
            ? (mode.Pae && mode.NoExecute) || mode.Smep ? (uint)AccessKind.Execute : 0
            : (uint)access;
        return bits | kind | (user ? ErrorUser : 0);
    }

    private static void Mark(PhysicalMemory memory, ReadOnlySpan<ulong> path, AccessKind access, bool skipFirst)
    {
        for (int i = skipFirst ? 1 : 0; i < path.Length; i++)
        {
            ulong wanted = Accessed | (access == AccessKind.Write && i == path.Length - 1 ? Dirty : 0);
            ulong entry = Load(memory, path[i]);
            if ((entry & wanted) != wanted)
            {
                Store(memory, path[i], entry | wanted);
            }
        }
    }

    private static unsafe ulong Load(PhysicalMemory memory, ulong address) =>
        *(ulong*)(memory.ReadablePage(address >> PhysicalPage.Shift) + (address & PhysicalPage.OffsetMask & ~7UL));

    private static unsafe uint Load32(PhysicalMemory memory, ulong address) =>
        *(uint*)(memory.ReadablePage(address >> PhysicalPage.Shift) + (address & PhysicalPage.OffsetMask & ~3UL));

    private static unsafe void Store(PhysicalMemory memory, ulong address, ulong value)
    {
        ulong frame = address >> PhysicalPage.Shift;
        int offset = (int)(address & PhysicalPage.OffsetMask);
        *(ulong*)(memory.WritablePage(frame) + offset) = value;
        memory.NoteStore(frame, offset, 8);
    }

    private static unsafe void Store32(PhysicalMemory memory, ulong address, uint before, uint after)
    {
        if (before != after)
        {
            ulong frame = address >> PhysicalPage.Shift;
            int offset = (int)(address & PhysicalPage.OffsetMask);
            *(uint*)(memory.WritablePage(frame) + offset) = after;
            memory.NoteStore(frame, offset, 4);
        }
    }
}
