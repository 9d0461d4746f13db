namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>Which kernel's breakpoints.</summary>
internal sealed record PerfBreakpointOptions
{
    /// <summary>How slots are counted.</summary>
    public bool HasHistograms { get; init; } = true;

    /// <summary>How a #DB is handled.</summary>
    public HandlerForm Handler { get; init; } = HandlerForm.Linux61;

    /// <summary>What may be asked for.</summary>
    public BreakpointParser Parser { get; init; } = new();

    /// <summary>The processor has CPUID's hypervisor bit.</summary>
    public bool IsVirtualized { get; init; }

    /// <summary>
    /// modify_user_hw_breakpoint() keeps the slot. Before December 2009 it unregistered and registered anew, and another
    /// could take the slot in between.
    /// </summary>
    public bool ModifiesInPlace { get; init; } = true;

    /// <summary>Whether slots are counted under a lock.</summary>
    public bool LocksSlots { get; init; } = true;
}
