namespace KgdbSim.Stub.Binding;

/// <summary>Why a CPU stopped.</summary>
internal enum StopKind : byte
{
    /// <summary>It reached a software breakpoint (Z0); its instruction pointer is at the breakpoint.</summary>
    SoftwareBreakpoint,

    /// <summary>It reached a hardware breakpoint (Z1); its instruction pointer is at the breakpoint.</summary>
    HardwareBreakpoint,

    /// <summary>It wrote to watched memory (Z2) and retired the instruction.</summary>
    WriteWatch,

    /// <summary>It read watched memory (Z3) and retired the instruction.</summary>
    ReadWatch,

    /// <summary>It read or wrote watched memory (Z4) and retired the instruction.</summary>
    AccessWatch,

    /// <summary>It finished the step, or left the range, that it was asked for.</summary>
    StepDone,

    /// <summary>It was running when the debugger asked the machine to stand.</summary>
    Interrupted,

    /// <summary>A triple fault shut the machine down (SDM vol. 3A, 7.15, "Interrupt 8").</summary>
    Shutdown,
}

/// <summary>One CPU's reason to stop.</summary>
/// <param name="Cpu">The CPU that hit something, from 0.</param>
/// <param name="Kind">What it hit.</param>
/// <param name="Address">The data address for watchpoints, the breakpoint's address for breakpoints, else 0.</param>
internal readonly record struct StopEvent(int Cpu, StopKind Kind, ulong Address)
{
    /// <summary>Whether a data watchpoint was hit.</summary>
    public bool IsWatch => Kind is StopKind.WriteWatch or StopKind.ReadWatch or StopKind.AccessWatch;

    /// <summary>Whether an execution breakpoint was hit.</summary>
    public bool IsBreakpoint => Kind is StopKind.SoftwareBreakpoint or StopKind.HardwareBreakpoint;
}
