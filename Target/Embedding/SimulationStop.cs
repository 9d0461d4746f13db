namespace KgdbSim.Target.Embedding;

/// <summary>Why <see cref="Simulation.Run"/> returned.</summary>
public enum SimulationStopReason
{
    /// <summary>The number of steps asked for is used up.</summary>
    StepLimit,

    /// <summary>A processor is at a breakpoint; the instruction there has not run.</summary>
    Breakpoint,

    /// <summary>A processor touched watched memory; the instruction has retired.</summary>
    Watchpoint,

    /// <summary>The step is done.</summary>
    StepDone,

    /// <summary>A triple fault shut a processor down (SDM vol. 3, 6.15, "Interrupt 8").</summary>
    Shutdown,

    /// <summary>Every processor waits for something that cannot come.</summary>
    Idle,

    /// <summary>The guest ended the machine.</summary>
    Exited,

    /// <summary>The modelled kernel's kgdb has stopped all processors: a compiled-in int3, say.</summary>
    KernelDebugger,
}

/// <summary>How a run of a <see cref="Simulation"/> ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Cpu">The processor concerned, or -1.</param>
/// <param name="Address">The breakpoint's address, or the first watched byte touched; else 0.</param>
/// <param name="ExitCode">The guest's exit code, 0..255, when it exited; else 0.</param>
public readonly record struct SimulationStop(SimulationStopReason Reason, int Cpu, ulong Address, int ExitCode);
