using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What one task has to do with breakpoints: fields of task_struct and thread_struct.</summary>
internal sealed class TaskBreakpoints
{
    public TaskBreakpoints(KernelModel kernel, string name, TaskDebugState debug)
    {
        World world = kernel.World;
        Mutex = new RwSemaphore(kernel, $"{name}.perf_event_mutex");
        Reserved = world.Cell($"{name}.task_bps", Array.Empty<PerfBreakpoint>());
        Events = world.Cell($"{name}.perf_events", Array.Empty<PerfBreakpoint>());
        ContextLock = new RawSpinLock(kernel, $"{name}.ctx.lock");
        VirtualDr6 = debug.VirtualDr6;
        PtraceDr7 = world.Cell($"{name}.ptrace_dr7", 0UL);
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            Ptrace[i] = world.Cell<PerfBreakpoint?>($"{name}.ptrace_bps[{i}]", null);
        }
    }

    /// <summary>perf_event_mutex: held while slots of the task are counted.</summary>
    public RwSemaphore Mutex { get; }

    /// <summary>The task's entries of task_bps_ht: breakpoints that have slots. Written under <see cref="Mutex"/>.</summary>
    public SharedCell<PerfBreakpoint[]> Reserved { get; }

    /// <summary>The breakpoints of its perf context, to be installed while it runs. Written under <see cref="ContextLock"/>.</summary>
    public SharedCell<PerfBreakpoint[]> Events { get; }

    /// <summary>ctx->lock.</summary>
    public RawSpinLock ContextLock { get; }

    /// <summary>thread.virtual_dr6: what happened to this task, positive polarity.</summary>
    public SharedCell<ulong> VirtualDr6 { get; }

    /// <summary>thread.ptrace_dr7.</summary>
    public SharedCell<ulong> PtraceDr7 { get; }

    /// <summary>thread.ptrace_bps[4].</summary>
    public SharedCell<PerfBreakpoint?>[] Ptrace { get; } = new SharedCell<PerfBreakpoint?>[Dr7Encoding.RegisterCount];
}
