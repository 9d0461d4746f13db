namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>How far a software breakpoint is from being in memory (enum kgdb_bpstate).</summary>
internal enum BreakpointState : byte
{
    /// <summary>BP_UNDEFINED: a free entry.</summary>
    Undefined,

    /// <summary>BP_REMOVED: removed; remembered so that a CPU which has trapped on it already can be sent back.</summary>
    Removed,

    /// <summary>BP_SET: wanted; memory has the original byte.</summary>
    Set,

    /// <summary>BP_ACTIVE: the int3 is in memory.</summary>
    Active,
}

/// <summary>One entry of the table (struct kgdb_bkpt). Changed by the holder of the master lock only.</summary>
/// <param name="Address">Where.</param>
/// <param name="State">How far.</param>
/// <param name="SavedByte">What the int3 replaced, while <see cref="State"/> is <see cref="BreakpointState.Active"/>.</param>
/// <param name="IsPoked">BP_POKE_BREAKPOINT: the text is read-only, so it was written through the alias.</param>
internal readonly record struct SoftwareBreakpoint(ulong Address, BreakpointState State, byte SavedByte, bool IsPoked);
