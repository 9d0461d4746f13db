namespace KgdbSim.Target.Machine;

/// <summary>Why a processor gave its turn back.</summary>
internal enum VcpuStop
{
    /// <summary>The steps it was given are used up.</summary>
    TurnOver,

    /// <summary>It waits for an interrupt, or for a start-up message, and none is due.</summary>
    Halted,

    /// <summary>It executed PAUSE: others may be what it waits for.</summary>
    Pause,

    /// <summary>A debugger's breakpoint stands at CS:RIP, which has not been executed.</summary>
    DebuggerBreakpoint,

    /// <summary>The last instruction hit a debugger's watch: <c>Core.Debug.DebuggerHit</c>.</summary>
    DebuggerWatch,

    /// <summary>A triple fault, now or earlier: only INIT, NMI or reset wakes it.</summary>
    Shutdown,

    /// <summary>Its <see cref="ITrapOwner"/> has taken a trap and must run before the guest goes on.</summary>
    KernelEntered,

    /// <summary>Somebody set <see cref="Vcpu.StopRequested"/>.</summary>
    MachineStop,
}

/// <summary>How a debugger wants a turn to be run.</summary>
[Flags]
internal enum RunOptions
{
    None = 0,

    /// <summary>Its breakpoint at the present CS:RIP is passed.</summary>
    PassBreakpoint = 1,

    /// <summary>Interrupts and NMIs wait: stepping through code that they would leave.</summary>
    HoldInterrupts = 2,

    /// <summary>A string instruction does one iteration a step.</summary>
    SingleIteration = 4,
}
