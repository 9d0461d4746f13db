using KgdbSim.Target.Cpu.Debugging;

namespace KgdbSim.Target.Machine;

/// <summary>How one processor takes part in a run.</summary>
internal enum CpuDrive : byte
{
    /// <summary>It stands still.</summary>
    Stay,

    /// <summary>It runs until something stops it.</summary>
    Continue,

    /// <summary>It retires one instruction, or takes one interrupt or exception, then stops.</summary>
    Step,

    /// <summary>It runs as long as RIP is in [Start, End), then stops.</summary>
    StepRange,
}

/// <summary>One processor's part in a run.</summary>
internal readonly record struct CpuOrder(CpuDrive Drive, ulong Start = 0, ulong End = 0);

/// <summary>Why a processor stopped.</summary>
internal enum CpuStopKind : byte
{
    /// <summary>A debugger's breakpoint stands at RIP; the instruction has not run.</summary>
    Breakpoint,

    /// <summary>It touched a debugger's watch; the instruction has retired.</summary>
    Watch,

    /// <summary>The step, or the way out of the range, is done.</summary>
    StepDone,

    /// <summary>A triple fault.</summary>
    Shutdown,
}

/// <summary>One processor's reason to stop.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Address">The linear address: of the breakpoint, or of the first watched byte touched.</param>
/// <param name="Watch">Which watch was hit.</param>
internal readonly record struct CpuStop(int Cpu, CpuStopKind Kind, ulong Address, WatchRange Watch);

/// <summary>How a run ended.</summary>
internal enum MachineRunEnd : byte
{
    /// <summary>The steps asked for are used up.</summary>
    BudgetSpent,

    /// <summary>A processor stopped.</summary>
    Stopped,

    /// <summary>No processor that may run can ever go on by itself.</summary>
    Idle,

    /// <summary>The guest ended the machine: <see cref="SmpMachine.ExitCode"/>.</summary>
    Exited,
}
