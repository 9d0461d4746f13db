namespace KgdbSim.Target.Memory;

/// <summary>What can be done with linear addresses.</summary>
[Flags]
internal enum LinearRights : byte
{
    /// <summary>Nothing is mapped there, or no memory is behind it.</summary>
    None = 0,

    Read = 1,
    Write = 2,
    Execute = 4,
}

/// <summary>A range of linear addresses with the same rights, or with none.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Length">Bytes; the last address may be the last of all.</param>
/// <param name="Rights">Of the kernel; execution also if only user mode may.</param>
/// <param name="Physical">Where the first byte is in physical memory, if there are rights.</param>
internal readonly record struct LinearRegion(ulong Start, ulong Length, LinearRights Rights, ulong Physical);
