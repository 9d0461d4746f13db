namespace KgdbSim.Target.Loading;

/// <summary>What loading needs of an ELF file.</summary>
internal sealed class ElfImage
{
    /// <summary>The whole file.</summary>
    public required ReadOnlyMemory<byte> File { get; init; }

    /// <summary>e_entry.</summary>
    public required ulong Entry { get; init; }

    /// <summary>ET_DYN: may be moved as a whole.</summary>
    public required bool Relocatable { get; init; }

    /// <summary>The PT_LOAD segments with a size, by physical address.</summary>
    public required IReadOnlyList<ElfSegment> Segments { get; init; }

    /// <summary>Physical 32-bit entry point from the Xen ELF note XEN_ELFNOTE_PHYS32_ENTRY, if there is one.</summary>
    public uint? PvhEntry { get; init; }

    /// <summary>File offset of a Multiboot 1 header, if there is one.</summary>
    public int? MultibootOffset { get; init; }

    /// <summary>Physical address that a virtual one is loaded at, by the segments; the address itself if none has it.</summary>
    public ulong ToPhysical(ulong address)
    {
        foreach (ElfSegment segment in Segments)
        {
            if (segment.ContainsVirtual(address))
            {
                return address - segment.Virtual + segment.Physical;
            }
        }

        return address;
    }
}
