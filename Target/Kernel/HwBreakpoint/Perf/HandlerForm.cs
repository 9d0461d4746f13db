namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What hw_breakpoint_handler() does differently in different kernels.</summary>
internal sealed record HandlerForm
{
    /// <summary>6.1, as meant.</summary>
    public static HandlerForm Linux61 { get; } = new();

    /// <summary>6.1.192: the software event path drops what isn't in state ACTIVE.</summary>
    public static HandlerForm Linux61192 { get; } = new() { RequiresActiveState = true };

    /// <summary>2.6.33.</summary>
    public static HandlerForm Linux2633 { get; } = new()
    {
        SavesDr7 = true, ClearsVirtualDr6 = true, StopsAtEmptySlot = true, AnswersDoneIfOwned = true, SkipsExecuteWhileStepping = false,
    };

    /// <summary>2.6.33 with commit e0e53db6133c of January 2010: it answers as today.</summary>
    public static HandlerForm E0e53db { get; } = Linux2633 with { AnswersDoneIfOwned = false };

    /// <summary>2.6.33 with the change of 28 January 2010 as posted: DR7 afterwards is what the callbacks have made of it.</summary>
    public static HandlerForm KgdbAsPosted { get; } = Linux2633 with { RestoresWantedDr7 = true };

    /// <summary>The handler itself zeroes DR7 and writes it back; later the entry code does.</summary>
    public bool SavesDr7 { get; init; }

    /// <summary>With <see cref="SavesDr7"/>: writes back cpu_dr7 as it is then, not what was saved at entry.</summary>
    public bool RestoresWantedDr7 { get; init; }

    /// <summary>The trap bits of current's virtual DR6 are cleared first.</summary>
    public bool ClearsVirtualDr6 { get; init; }

    /// <summary>A register without breakpoint ends the search, its bit cleared; later it is passed over, its bit kept.</summary>
    public bool StopsAtEmptySlot { get; init; }

    /// <summary>NOTIFY_DONE whenever some register that hit had a breakpoint, not only if a tracer or someone else wants it.</summary>
    public bool AnswersDoneIfOwned { get; init; }

    /// <summary>An instruction breakpoint that comes with a single step is left for the fault that follows.</summary>
    public bool SkipsExecuteWhileStepping { get; init; } = true;

    /// <summary>Events that aren't ACTIVE neither count nor call.</summary>
    public bool RequiresActiveState { get; init; }
}
