using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// What the debug trap handlers keep of a task (struct thread_struct and thread flags, arch/x86). Idle CPUs have one for their
/// idle task.
/// </summary>
internal sealed class TaskDebugState(KernelModel kernel, string name)
{
    private readonly List<KernelSignal> _signals = [];

    /// <summary>thread.virtual_dr6, thread.debugreg6 before 5.10: what the task's tracer reads as DR6; positive polarity.</summary>
    public SharedCell<ulong> VirtualDr6 { get; } = kernel.World.Cell($"{name}.virtual_dr6", 0UL);

    /// <summary>TIF_SINGLESTEP: somebody steps the task, and it has entered the kernel.</summary>
    public SharedCell<bool> SingleStep { get; } = kernel.World.Cell($"{name}.TIF_SINGLESTEP", false);

    /// <summary>thread.debugreg[7] before the perf layer: what the task has enabled; 0 where nobody sets it.</summary>
    public SharedCell<ulong> VirtualDr7 { get; } = kernel.World.Cell($"{name}.virtual_dr7", 0UL);

    /// <summary>Signals sent to the task, oldest first. Changed by the task's own traps only.</summary>
    public IReadOnlyList<KernelSignal> Signals => _signals;

    /// <summary>Part of a step of the task's own CPU: force_sig_fault().</summary>
    public void Send(KernelSignal signal) => _signals.Add(signal);

    /// <summary>Part of a step of whoever plays the task's tracer: the signals are delivered.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TakeSignals()
    {
        bool any = _signals.Count != 0;
        _signals.Clear();
        return any;
    }
}

/// <summary>A signal as the task gets it.</summary>
/// <param name="Number">SIGTRAP 5, SIGSEGV 11...</param>
/// <param name="Code">si_code: for SIGTRAP, TRAP_BRKPT 1, TRAP_TRACE 2, TRAP_HWBKPT 4; 0x80 (SI_KERNEL) for an int3.</param>
internal readonly record struct KernelSignal(int Number, int Code)
{
    public const int Trap = 5;
    public const int Segmentation = 11;
    public const int CodeBreakpoint = 1;
    public const int CodeTrace = 2;
    public const int CodeHardwareBreakpoint = 4;
    public const int CodeKernel = 0x80;
}
