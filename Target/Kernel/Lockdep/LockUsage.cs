namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// One way in which a lock class was used: enum lock_usage_bit@2.6.30 and 6.1. Bit 0 of the number: read; bit 1: taken with the
/// interrupt enabled rather than in it; the rest: which interrupt.
/// </summary>
internal enum LockUsage : byte
{
    UsedInHardirq,
    UsedInHardirqRead,
    EnabledHardirq,
    EnabledHardirqRead,
    UsedInSoftirq,
    UsedInSoftirqRead,
    EnabledSoftirq,
    EnabledSoftirqRead,

    /// <summary>Taken while memory is reclaimed for a __GFP_FS allocation; 2.6.30 only.</summary>
    UsedInReclaimFs,
    UsedInReclaimFsRead,

    /// <summary>Held over a __GFP_FS allocation; 2.6.30 only.</summary>
    EnabledReclaimFs,
    EnabledReclaimFsRead,

    /// <summary>Taken at all.</summary>
    Used,

    /// <summary>Taken for reading at all; 6.1 only, where <see cref="Used"/> then means writing.</summary>
    UsedRead,

    /// <summary>Waited for in an NMI: not recorded, only the second state of a report@6.1.</summary>
    InNmi,
}
