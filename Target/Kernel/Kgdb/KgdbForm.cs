using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What kgdb's event callback does when a hardware breakpoint of its own is hit.</summary>
internal enum OverflowAction : byte
{
    /// <summary>There is no callback.</summary>
    None,

    /// <summary>Runs the die notifier's worker, session included (kgdb_hw_bp, posted 28 January 2010).</summary>
    RunsWorker,

    /// <summary>kgdb_ll_trap(DIE_DEBUG): the session runs in the callback (commit ba773f7c510c, mid 2010).</summary>
    RunsLowLevelTrap,

    /// <summary>Sets the trap bits of all kgdb's breakpoints in current's virtual DR6, for the chain to be continued (since 2.6.38).</summary>
    MarksVirtualDr6,
}

/// <summary>In which of its historical forms kgdb sees hardware breakpoints.</summary>
internal sealed record KgdbForm
{
    /// <summary>As posted on 28 January 2010: session in the callback, the second look dismissed by recieved_hw_brk.</summary>
    public static KgdbForm Posted { get; } = new()
    {
        Name = "posted, January 2010", Overflow = OverflowAction.RunsWorker, HasReceivedFlag = true, TestsDr6 = true, ReservesSlots = false,
        NmiOnDieChain = true, NotifierPriority = -int.MaxValue, HasEarlyBreakpoints = false, PassesDieCode = false,
        CorrectsOnPacket = true,
    };

    /// <summary>Commit cc0967490c: no callback; relies on the handler's NOTIFY_DONE.</summary>
    public static KgdbForm Merged2010A { get; } = Posted with
    {
        Name = "cc0967490c, 2.6.33", Overflow = OverflowAction.None, HasReceivedFlag = false, TestsDr6 = false,
    };

    /// <summary>Commit ba773f7c510c: session in the callback; slots reserved in the debugger, early breakpoints.</summary>
    public static KgdbForm Merged2010B { get; } = Merged2010A with
    {
        Name = "ba773f7c510c, 2.6.35", Overflow = OverflowAction.RunsLowLevelTrap, ReservesSlots = true, HasEarlyBreakpoints = true,
        PassesDieCode = true, CorrectsOnPacket = false,
    };

    /// <summary>02ca752e (2.6.38) to 6.1: the callback only marks.</summary>
    public static KgdbForm Linux61 { get; } = Merged2010B with
    {
        Name = "6.1", Overflow = OverflowAction.MarksVirtualDr6, NmiOnDieChain = false, NotifierPriority = 0,
    };

    /// <summary>On the interface of June 2009, as it would have been: the session is held in the breakpoint's callback.</summary>
    public static KgdbForm Interface2009 { get; } = Merged2010A with
    {
        Name = "on the hw_breakpoint interface of June 2009", Overflow = OverflowAction.RunsWorker,
    };

    /// <summary>As merged in 2.6.26, and as patches before: it writes the registers itself.</summary>
    public static KgdbForm Direct { get; } = Merged2010A with { Name = "with debug registers of its own" };

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    public required OverflowAction Overflow { get; init; }

    /// <summary>recieved_hw_brk[cpu]: a hit that had its session in the callback is dismissed by the notifier.</summary>
    public bool HasReceivedFlag { get; init; }

    /// <summary>A debug exception whose copy of DR6 has no trap bit left isn't kgdb's.</summary>
    public bool TestsDr6 { get; init; }

    /// <summary>dbg_reserve_bp_slot() at 'Z'; without, the slot stays kgdb's from the beginning, or is nobody's.</summary>
    public bool ReservesSlots { get; init; }

    /// <summary>The NMI roundup comes through the die chain (DIE_NMI) rather than NMI handlers of its own.</summary>
    public bool NmiOnDieChain { get; init; }

    /// <summary>Where on the die chain.</summary>
    public int NotifierPriority { get; init; }

    /// <summary>early_dr7: breakpoints before perf is there.</summary>
    public bool HasEarlyBreakpoints { get; init; }

    /// <summary>The session is told the die code as error code; before mid 2010, the die notifier's err.</summary>
    public bool PassesDieCode { get; init; }

    /// <summary>c, s, D and k install the master's breakpoints already in the packet handler.</summary>
    public bool CorrectsOnPacket { get; init; }

    /// <summary>The form in a kernel.</summary>
    public static KgdbForm Of(KernelVersion version) => version switch
    {
        KernelVersion.Linux61 => Linux61,
        KernelVersion.Linux2635 => Merged2010B,
        KernelVersion.Linux2633 => Posted,
        KernelVersion.Linux2630 => Interface2009,
        _ => Direct,
    };
}
