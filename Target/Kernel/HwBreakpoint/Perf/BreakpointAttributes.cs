namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What is asked for (the fields of struct perf_event_attr that matter to breakpoints).</summary>
/// <param name="Address">bp_addr.</param>
/// <param name="Length">bp_len, in bytes: 1, 2, 4, 8; for execution sizeof(long).</param>
/// <param name="Type">bp_type.</param>
internal readonly record struct BreakpointAttributes(ulong Address, ulong Length, BreakpointType Type)
{
    /// <summary>Made, but not armed until somebody enables it.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>It must be on the CPU whenever its context is; what can't be is in error.</summary>
    public bool IsPinned { get; init; }

    /// <summary>exclude_kernel: accesses of kernel mode don't count, and kernel addresses are refused.</summary>
    public bool ExcludesKernel { get; init; }

    /// <summary>exclude_user.</summary>
    public bool ExcludesUser { get; init; }

    /// <summary>sample_period is 0: hits are counted, nobody is called.</summary>
    public bool OnlyCounts { get; init; }
}
