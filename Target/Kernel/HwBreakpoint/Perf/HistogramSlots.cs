using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// Slot accounting of 6.1: counters per CPU and histograms, so that a task's breakpoint that follows it everywhere
/// costs no walk over CPUs (kernel/events/hw_breakpoint.c@6.1).
/// </summary>
internal sealed class HistogramSlots : BreakpointSlots
{
    private readonly RwSemaphore _cpuInfo;
    private readonly SharedCell<int>[] _cpuPinned;
    private readonly SlotHistogram[] _taskPinned;
    private readonly SlotHistogram _cpusByPinned;
    private readonly SlotHistogram _taskPinnedAll;

    public HistogramSlots(KernelModel kernel, BreakpointTasks tasks) : base(kernel, tasks)
    {
        _cpuInfo = new RwSemaphore(kernel, "bp_cpuinfo_sem");
        _cpuPinned = new SharedCell<int>[kernel.Cpus.Count];
        _taskPinned = new SlotHistogram[kernel.Cpus.Count];
        for (int i = 0; i < _cpuPinned.Length; i++)
        {
            _cpuPinned[i] = kernel.World.Cell($"C{i}.cpu_pinned", 0);
            _taskPinned[i] = new SlotHistogram(kernel, $"C{i}.tsk_pinned");
        }

        _cpusByPinned = new SlotHistogram(kernel, "cpu_pinned");
        _taskPinnedAll = new SlotHistogram(kernel, "tsk_pinned_all");
    }

    /// <summary>Whether the locks are taken at all; without, it is the code whose locks were forgotten.</summary>
    public bool TakesLocks { get; init; } = true;

    /// <summary>bp_cpuinfo_sem.</summary>
    public override RwSemaphore CountingLock => _cpuInfo;

    public override bool IsUsed =>
        Array.Exists(_cpuPinned, static count => count.Value != 0)
        || Array.Exists(_taskPinned, static histogram => histogram.Highest != 0)
        || _taskPinnedAll.Highest != 0;

    public override int CpuPinned(int cpu) => _cpuPinned[cpu].Value;

    public override int TaskPinnedMax(int cpu) => Math.Max(_taskPinned[cpu].Highest, _taskPinnedAll.Highest);

    private protected override bool TryToggleAtOnce(PerfBreakpoint bp, bool enable, out Errno result)
    {
        result = Errno.None;
        if (Kernel.World.Mode != ExecutionMode.Inline || _cpuInfo.State.Value != 0 || bp is { Task: not null } or { Cpu: null }
            || bp.Type is BreakpointType.None or BreakpointType.Invalid)
        {
            return false;
        }

        int cpu = bp.Cpu.Value;
        int old = _cpuPinned[cpu].Value;
        if (enable && old + TaskPinnedMax(cpu) >= Dr7Encoding.RegisterCount)
        {
            result = Errno.NoSpace;
            return true;
        }

        // A holder of none is on its way out of nowhere: the step by step form says what is wrong there.
        if (!enable && (old == 0 || _cpusByPinned[old - 1] <= 0))
        {
            return false;
        }

        int change = enable ? 1 : -1;
        _cpusByPinned.MoveAtOnce(old, change);
        _cpuPinned[cpu].Commit(old + change);
        return true;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private protected override async ValueTask<int> CountPinned(KernelContext c, PerfBreakpoint bp)
    {
        if (bp is { Task: not null, Cpu: null } && await CountOfTask(c, bp, null) is { } everywhere)
        {
            return everywhere + await _cpusByPinned.Max(c, null);
        }

        int max = 0;
        for (ulong cpus = CpusOf(bp); cpus != 0;)
        {
            int cpu = TakeCpu(ref cpus);
            int pinned = await _cpuPinned[cpu].Read(c);
            pinned += bp.Task is null ? await _taskPinned[cpu].Max(c, _taskPinnedAll) : (await CountOfTask(c, bp, cpu))!.Value;
            max = Math.Max(max, pinned);
        }

        return max;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Toggle(KernelContext c, PerfBreakpoint bp, bool enable)
    {
        int weight = enable ? 1 : -1;
        if (bp.Task is null)
        {
            SharedCell<int> pinned = _cpuPinned[bp.Cpu!.Value];
            int old = await pinned.Read(c);
            await _cpusByPinned.Move(c, old, weight);
            await pinned.Write(c, old + weight);
            return;
        }

        SharedCell<PerfBreakpoint[]> reserved = Tasks.Of(bp.Task).Reserved;
        if (!enable)
        {
            // Before the counting, which must not count it.
            await reserved.Write(c, [.. (await reserved.Read(c)).Where(other => !ReferenceEquals(other, bp))]);
        }

        await MoveTask(c, bp, weight);
        if (enable)
        {
            await reserved.Write(c, [.. await reserved.Read(c), bp]);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Lock(KernelContext c, PerfBreakpoint bp)
    {
        if (!TakesLocks)
        {
            return;
        }

        if (bp.Task is null)
        {
            await _cpuInfo.DownWrite(c);
        }
        else
        {
            await Tasks.Of(bp.Task).Mutex.DownWrite(c);
            await _cpuInfo.DownRead(c);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Unlock(KernelContext c, PerfBreakpoint bp)
    {
        if (!TakesLocks)
        {
            return;
        }

        if (bp.Task is null)
        {
            await _cpuInfo.UpWrite(c);
        }
        else
        {
            await _cpuInfo.UpRead(c);
            await Tasks.Of(bp.Task).Mutex.UpWrite(c);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private protected override async ValueTask<bool> IsLocked(KernelContext c, PerfBreakpoint bp)
    {
        int state = await _cpuInfo.State.Read(c);
        return state < 0 || (bp.Task is null ? state > 0 : await Tasks.Of(bp.Task).Mutex.State.Read(c) != 0);
    }

    /// <summary>The cases of toggle_bp_slot() for a task's breakpoint.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask MoveTask(KernelContext c, PerfBreakpoint bp, int weight)
    {
        bool enable = weight > 0;
        if (await CountOfTask(c, bp, null) is not { } others)
        {
            // Mixed: each CPU counts for itself.
            for (ulong cpus = CpusOf(bp); cpus != 0;)
            {
                int cpu = TakeCpu(ref cpus);
                int count = (await CountOfTask(c, bp, cpu))!.Value;
                await _taskPinned[cpu].Move(c, enable ? count : count + 1, weight);
            }
        }
        else if (bp.Cpu is not { } bound)
        {
            await _taskPinnedAll.Move(c, enable ? others : others + 1, weight);
        }
        else if (enable)
        {
            // The first one bound to a CPU: from now on this task is counted per CPU.
            for (int cpu = 0; cpu < _taskPinned.Length; cpu++)
            {
                await _taskPinned[cpu].Move(c, 0, others);
            }

            await _taskPinned[bound].Move(c, others, weight);
            await _taskPinnedAll.Move(c, others, -others);
        }
        else
        {
            // The last one bound to a CPU: the same backwards.
            await _taskPinned[bound].Move(c, others + 1, weight);
            await _taskPinnedAll.Move(c, 0, others);
            for (int cpu = 0; cpu < _taskPinned.Length; cpu++)
            {
                await _taskPinned[cpu].Move(c, others, -others);
            }
        }
    }

    /// <summary>
    /// task_bp_pinned(): breakpoints of the same task that concern a CPU. For no CPU in particular: null if one of them is
    /// bound to a CPU, so that the count depends on which.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<int?> CountOfTask(KernelContext c, PerfBreakpoint bp, int? cpu)
    {
        int count = 0;
        foreach (PerfBreakpoint other in await Tasks.Of(bp.Task!).Reserved.Read(c))
        {
            if (other.Cpu is { } bound && bound != cpu)
            {
                if (cpu is null)
                {
                    return null;
                }

                continue;
            }

            count++;
        }

        return count;
    }
}
