namespace KgdbSim.Target.Loading;

/// <summary>What is wrong with an ELF file, as far as loading it goes.</summary>
public enum ElfError
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file ends inside the ELF header.</summary>
    TruncatedHeader,

    /// <summary>The file does not begin with 7F 'E' 'L' 'F'.</summary>
    NotElf,

    /// <summary>EI_CLASS is not ELFCLASS64.</summary>
    Not64Bit,

    /// <summary>EI_DATA is not ELFDATA2LSB.</summary>
    NotLittleEndian,

    /// <summary>e_machine is not EM_X86_64.</summary>
    WrongMachine,

    /// <summary>e_type is neither ET_EXEC nor ET_DYN.</summary>
    NotExecutable,

    /// <summary>It asks for a dynamic linker (PT_INTERP), which a bare machine doesn't have.</summary>
    NeedsInterpreter,

    /// <summary>The program header table is missing, malformed or runs out of the file.</summary>
    BadProgramHeaders,

    /// <summary>There is no PT_LOAD segment with contents.</summary>
    NothingToLoad,

    /// <summary>A segment's bytes run out of the file.</summary>
    TruncatedSegment,

    /// <summary>A segment's p_filesz exceeds its p_memsz, or its end exceeds the address space.</summary>
    BadSegmentSize,

    /// <summary>A segment doesn't fit into the machine's memory.</summary>
    SegmentOutsideMemory,

    /// <summary>Two segments claim the same address.</summary>
    OverlappingSegments,

    /// <summary>The entry point is in no loaded segment.</summary>
    EntryOutsideSegments,

    /// <summary>The boot protocol asked for needs a note or header that the file doesn't have.</summary>
    NoBootHeader,
}
