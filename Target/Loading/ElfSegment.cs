namespace KgdbSim.Target.Loading;

/// <summary>A PT_LOAD segment (ELF-64 object file format, "Program header").</summary>
/// <param name="Offset">First byte in the file.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="Physical">Where it is loaded, before any load bias.</param>
/// <param name="Virtual">The address it is linked for.</param>
/// <param name="MemorySize">Bytes in memory; those beyond <paramref name="FileSize"/> are zero.</param>
internal readonly record struct ElfSegment(ulong Offset, ulong FileSize, ulong Physical, ulong Virtual, ulong MemorySize)
{
    public bool ContainsVirtual(ulong address) => address - Virtual < MemorySize;

    public bool ContainsPhysical(ulong address) => address - Physical < MemorySize;
}
