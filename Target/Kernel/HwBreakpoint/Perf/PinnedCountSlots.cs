using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// Slot accounting of 2.6.33: per CPU the pinned CPU breakpoints, how many tasks have 1 to 4, and flexible ones,
/// which nobody can ask for yet; one mutex (kernel/hw_breakpoint.c@2.6.33: nr_cpu_bp_pinned, nr_task_bp_pinned, nr_bp_flexible).
/// </summary>
internal sealed class PinnedCountSlots : BreakpointSlots
{
    private readonly RwSemaphore _mutex;
    private readonly SharedCell<int>[] _cpuPinned;
    private readonly SharedCell<int>[] _flexible;
    private readonly SlotHistogram[] _taskPinned;

    public PinnedCountSlots(KernelModel kernel, BreakpointTasks tasks) : base(kernel, tasks)
    {
        _mutex = new RwSemaphore(kernel, "nr_bp_mutex");
        _cpuPinned = new SharedCell<int>[kernel.Cpus.Count];
        _flexible = new SharedCell<int>[kernel.Cpus.Count];
        _taskPinned = new SlotHistogram[kernel.Cpus.Count];
        for (int i = 0; i < _cpuPinned.Length; i++)
        {
            _cpuPinned[i] = kernel.World.Cell($"C{i}.nr_cpu_bp_pinned", 0);
            _flexible[i] = kernel.World.Cell($"C{i}.nr_bp_flexible", 0);
            _taskPinned[i] = new SlotHistogram(kernel, $"C{i}.nr_task_bp_pinned");
        }
    }

    /// <summary>nr_bp_mutex.</summary>
    public override RwSemaphore CountingLock => _mutex;

    public override bool IsUsed =>
        Array.Exists(_cpuPinned, static count => count.Value != 0)
        || Array.Exists(_taskPinned, static histogram => histogram.Highest != 0);

    public override int CpuPinned(int cpu) => _cpuPinned[cpu].Value;

    public override int TaskPinnedMax(int cpu) => _taskPinned[cpu].Highest;

    private protected override bool TryToggleAtOnce(PerfBreakpoint bp, bool enable, out Errno result)
    {
        result = Errno.None;
        if (Kernel.World.Mode != ExecutionMode.Inline || _mutex.State.Value != 0 || bp is { Task: not null } or { Cpu: null }
            || bp.Type is BreakpointType.None or BreakpointType.Invalid)
        {
            return false;
        }

        int cpu = bp.Cpu.Value;
        int old = _cpuPinned[cpu].Value;
        if (enable && old + TaskPinnedMax(cpu) + Math.Min(_flexible[cpu].Value, 1) >= Dr7Encoding.RegisterCount)
        {
            result = Errno.NoSpace;
            return true;
        }

        _cpuPinned[cpu].Commit(old + (enable ? 1 : -1));
        return true;
    }

    /// <summary>fetch_bp_busy_slots(): a flexible breakpoint anywhere costs one slot.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private protected override async ValueTask<int> CountPinned(KernelContext c, PerfBreakpoint bp)
    {
        int max = 0;
        int flexible = 0;
        int ofTask = bp.Task is null ? 0 : (await Tasks.Of(bp.Task).Reserved.Read(c)).Length;
        ulong cpus = CpusOf(bp) & (bp.Cpu is null ? await c.Kernel.Online.Read(c) : ulong.MaxValue);
        while (cpus != 0)
        {
            int cpu = TakeCpu(ref cpus);
            int pinned = await _cpuPinned[cpu].Read(c);
            pinned += bp.Task is null ? await _taskPinned[cpu].Max(c, null) : ofTask;
            max = Math.Max(max, pinned);
            flexible = Math.Max(flexible, await _flexible[cpu].Read(c));
        }

        return max + Math.Min(flexible, 1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Toggle(KernelContext c, PerfBreakpoint bp, bool enable)
    {
        if (bp.Task is null)
        {
            SharedCell<int> pinned = _cpuPinned[bp.Cpu!.Value];
            await pinned.Write(c, await pinned.Read(c) + (enable ? 1 : -1));
            return;
        }

        // The list counts it afterwards, or no more: it enters and leaves the task's context outside of this.
        SharedCell<PerfBreakpoint[]> reserved = Tasks.Of(bp.Task).Reserved;
        PerfBreakpoint[] old = await reserved.Read(c);
        ulong cpus = CpusOf(bp) & (bp.Cpu is null ? await c.Kernel.Online.Read(c) : ulong.MaxValue);
        while (cpus != 0)
        {
            await _taskPinned[TakeCpu(ref cpus)].Move(c, old.Length, enable ? 1 : -1);
        }

        await reserved.Write(c, enable ? [.. old, bp] : [.. old.Where(other => !ReferenceEquals(other, bp))]);
    }

    private protected override ValueTask Lock(KernelContext c, PerfBreakpoint bp) => _mutex.DownWrite(c);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Unlock(KernelContext c, PerfBreakpoint bp) => await _mutex.UpWrite(c);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private protected override async ValueTask<bool> IsLocked(KernelContext c, PerfBreakpoint bp) => await _mutex.State.Read(c) != 0;
}
