namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// In which form the interface is: each switch is one thing that a review remark of May 2009 was about, or a cure nobody wrote.
/// All off: as merged in June 2009.
/// </summary>
internal sealed record InterfaceForm
{
    /// <summary>As merged.</summary>
    public static InterfaceForm Merged { get; } = new();

    /// <summary>As merged, with the cures that nobody wrote: what a debugger without lies needs.</summary>
    public static InterfaceForm Cured { get; } = new()
    {
        StoresBeforeModify = true, HasKdr7PerCpu = true, RecomputesDr7 = true, RegistersWhereAsked = true,
    };

    /// <summary>As posted before the review of 11 May 2009.</summary>
    public static InterfaceForm AsPosted { get; } = new()
    {
        IpisAreNotAwaited = true, HasSingleTable = true, AccumulatesKdr7InPlace = true, TestsNullForThreadsOnly = true,
        ReadsTableTwice = true, LocksWithSoftirqsOn = true, PreallocatesOne = true, FreesEarly = true,
    };

    /// <summary>on_each_cpu(..., wait = 0).</summary>
    public bool IpisAreNotAwaited { get; init; }

    /// <summary>unregister moves hbp_kernel_pos before it sends IPIs.</summary>
    public bool MovesPositionEarly { get; init; }

    /// <summary>spin_lock() where spin_lock_bh() is due.</summary>
    public bool LocksWithSoftirqsOn { get; init; }

    /// <summary>The handler looks into hbp_kernel[], there is no this_hbp_kernel[].</summary>
    public bool HasSingleTable { get; init; }

    /// <summary>The IPI function clears the global kdr7 and fills it field by field.</summary>
    public bool AccumulatesKdr7InPlace { get; init; }

    /// <summary>The handler follows a kernel entry without a test for null.</summary>
    public bool TestsNullForThreadsOnly { get; init; }

    /// <summary>The IPI function reads hbp_kernel[i] once for the test and again for the address.</summary>
    public bool ReadsTableTwice { get; init; }

    /// <summary>The IPI function leaves DR7 armed while it changes DR0 to DR3.</summary>
    public bool UpdatesWhileArmed { get; init; }

    /// <summary>ptrace frees what a new DR7 disables before it has made what that enables.</summary>
    public bool FreesEarly { get; init; }

    /// <summary>ptrace allocates one object ahead and calls the workers without the lock.</summary>
    public bool PreallocatesOne { get; init; }

    /// <summary>A changed breakpoint is unregistered and registered anew.</summary>
    public bool ReregistersToModify { get; init; }

    /// <summary>
    /// ptrace stores the wanted length and type before it has the breakpoint modified. The merged code doesn't, so a change of
    /// type alone has no effect there.
    /// </summary>
    public bool StoresBeforeModify { get; init; }

    /// <summary>flush_thread_hw_breakpoint() disarms the CPU whoever runs on it.</summary>
    public bool FlushesAnyonesRegisters { get; init; }

    /// <summary>Registering for a thread takes no lock.</summary>
    public bool RegistersThreadsUnlocked { get; init; }

    /// <summary>A starting CPU loads its registers before it is in cpu_online_mask.</summary>
    public bool LoadsBeforeOnline { get; init; }

    /// <summary>A starting CPU loads its registers without the lock.</summary>
    public bool LoadsUnlocked { get; init; }

    /// <summary>A starting CPU turns interrupts off before it takes the lock.</summary>
    public bool LoadsWithIrqsOff { get; init; }

    /// <summary>do_debug() sends its signal though the handler has swallowed the hit.</summary>
    public bool SignalsSwallowedHits { get; init; }

    /// <summary>Cure: each CPU has its own kdr7, changed together with its registers.</summary>
    public bool HasKdr7PerCpu { get; init; }

    /// <summary>Cure: the handler ends with DR7 made from kdr7 and the thread, not with what it saved.</summary>
    public bool RecomputesDr7 { get; init; }

    /// <summary>
    /// Cure: a tracer's breakpoint is in the register the tracer named. The merged code takes the thread's first free one, whose
    /// number the tracer isn't told.
    /// </summary>
    public bool RegistersWhereAsked { get; init; }
}
