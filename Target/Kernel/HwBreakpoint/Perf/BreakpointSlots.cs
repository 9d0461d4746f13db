using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// Who may use how many of each CPU's four debug registers: a promise, counted before any register is touched
/// (kernel/events/hw_breakpoint.c). The kernels differ in what they count and under which lock.
/// </summary>
internal abstract class BreakpointSlots
{
    private readonly List<PerfBreakpoint> _holders = [];

    private protected BreakpointSlots(KernelModel kernel, BreakpointTasks tasks)
    {
        Kernel = kernel;
        Tasks = tasks;
    }

    private protected KernelModel Kernel { get; }

    private protected BreakpointTasks Tasks { get; }

    /// <summary>The lock that keeps everybody else from counting.</summary>
    public abstract RwSemaphore CountingLock { get; }

    /// <summary>hw_breakpoint_is_used(): whether any slot is taken; looking takes no step.</summary>
    public abstract bool IsUsed { get; }

    /// <summary>Pinned CPU breakpoints of a CPU; looking takes no step.</summary>
    public abstract int CpuPinned(int cpu);

    /// <summary>The most slots one task takes on a CPU; looking takes no step.</summary>
    public abstract int TaskPinnedMax(int cpu);

    /// <summary>
    /// The breakpoints that have a slot on a CPU, oldest first. For people; models must not decide by it, since
    /// it is no cell.
    /// </summary>
    public IEnumerable<PerfBreakpoint> Holders(int cpu) => _holders.Where(bp => (CpusOf(bp) >> cpu & 1) != 0);

    /// <summary>reserve_bp_slot(): under the locks.</summary>
    /// <returns>-ENOSPC without a free slot, -EINVAL for a type that is none; the counters are as before then.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Reserve(KernelContext c, PerfBreakpoint bp)
    {
        await Lock(c, bp);
        Errno result = await ReserveLocked(c, bp, bp.Type);
        await Unlock(c, bp);
        return result;
    }

    /// <summary>release_bp_slot(): under the locks.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Release(KernelContext c, PerfBreakpoint bp)
    {
        await Lock(c, bp);
        await ReleaseLocked(c, bp);
        await Unlock(c, bp);
    }

    /// <summary>
    /// A debugger is about to count for all CPUs: nobody else does until <see cref="DbgUnlock"/>. Nobody is waited for.
    /// </summary>
    /// <returns>False if somebody who is stopped, or has missed the roundup, is counting.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> DbgTryLock(KernelContext c) =>
        Kernel.World.Mode == ExecutionMode.Inline ? CountingLock.State.Value == 0 : await CountingLock.TryDownWrite(c) == 0;

    /// <summary>After <see cref="DbgTryLock"/>. In inline mode nobody can come in between, so nothing was taken.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask DbgUnlock(KernelContext c)
    {
        if (Kernel.World.Mode != ExecutionMode.Inline)
        {
            await CountingLock.UpWrite(c);
        }
    }

    /// <summary>
    /// dbg_reserve_bp_slot(): from a debugger that has stopped all CPUs and can't wait for a lock one of them holds.
    /// </summary>
    /// <param name="c">The debugger.</param>
    /// <param name="bp">Of one CPU.</param>
    /// <param name="isLocked">It has the lock itself, by <see cref="DbgTryLock"/>.</param>
    /// <returns><see cref="Errno.NotPermitted"/> (-1) if somebody has the lock, otherwise as <see cref="Reserve"/>.</returns>
    public ValueTask<Errno> DbgReserve(KernelContext c, PerfBreakpoint bp, bool isLocked = false)
    {
        if (!TryToggleAtOnce(bp, true, out Errno result))
        {
            return DbgReserveByStep(c, bp, isLocked);
        }

        if (result == Errno.None)
        {
            _holders.Add(bp);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>dbg_release_bp_slot().</summary>
    /// <returns><see cref="Errno.NotPermitted"/> (-1) if somebody has the lock; nothing has changed then.</returns>
    public ValueTask<Errno> DbgRelease(KernelContext c, PerfBreakpoint bp, bool isLocked = false)
    {
        if (!TryToggleAtOnce(bp, false, out Errno result))
        {
            return DbgReleaseByStep(c, bp, isLocked);
        }

        _holders.Remove(bp);
        return ValueTask.FromResult(result);
    }

    /// <summary>Takes a slot for what is no task's doing and takes no step: a guest's own use of a register. Inline mode only.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryReserveAtOnce(PerfBreakpoint bp)
    {
        bool isReserved = TryToggleAtOnce(bp, true, out Errno result) && result == Errno.None;
        if (isReserved)
        {
            _holders.Add(bp);
        }

        return isReserved;
    }

    /// <summary>Gives it back.</summary>
    /// <exception cref="InvalidOperationException">Somebody is counting: a defect of the simulator, as nobody is stopped in there.</exception>
    public void ReleaseAtOnce(PerfBreakpoint bp)
    {
        if (!TryToggleAtOnce(bp, false, out _))
        {
            throw new InvalidOperationException($"The slot of {bp.Name} can't be given back.");
        }

        _holders.Remove(bp);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> DbgReserveByStep(KernelContext c, PerfBreakpoint bp, bool isLocked) =>
        !isLocked && await IsLocked(c, bp) ? Errno.NotPermitted : await ReserveLocked(c, bp, bp.Type);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> DbgReleaseByStep(KernelContext c, PerfBreakpoint bp, bool isLocked)
    {
        if (!isLocked && await IsLocked(c, bp))
        {
            return Errno.NotPermitted;
        }

        await ReleaseLocked(c, bp);
        return Errno.None;
    }

    /// <summary>modify_bp_slot(): gives the slot of one type back and takes one of another, or keeps the old one.</summary>
    /// <returns>-EINVAL if the new type is none; the slot is still there then.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Modify(KernelContext c, PerfBreakpoint bp, BreakpointType from, BreakpointType to)
    {
        await Lock(c, bp);
        await ReleaseLocked(c, bp);
        Errno result = await ReserveLocked(c, bp, to);
        if (result != Errno.None && await ReserveLocked(c, bp, from) != Errno.None)
        {
            c.Warn("slot accounting", $"{c.Name} can't have back the slot of {bp.Name} that it has just released");
        }

        await Unlock(c, bp);
        return result;
    }

    /// <summary>The number of slots the breakpoint's CPUs would hold at most, without it.</summary>
    private protected abstract ValueTask<int> CountPinned(KernelContext c, PerfBreakpoint bp);

    /// <summary>toggle_bp_slot().</summary>
    private protected abstract ValueTask Toggle(KernelContext c, PerfBreakpoint bp, bool enable);

    /// <summary>
    /// On a simulated machine that a debugger has stopped, nobody can see a step in the middle: the same without any, for one CPU's
    /// breakpoint. False: nothing has been done, and it is to be done step by step.
    /// </summary>
    private protected virtual bool TryToggleAtOnce(PerfBreakpoint bp, bool enable, out Errno result)
    {
        result = Errno.None;
        return false;
    }

    private protected abstract ValueTask Lock(KernelContext c, PerfBreakpoint bp);

    private protected abstract ValueTask Unlock(KernelContext c, PerfBreakpoint bp);

    /// <summary>Whether somebody holds a lock that <see cref="Lock"/> would wait for.</summary>
    private protected abstract ValueTask<bool> IsLocked(KernelContext c, PerfBreakpoint bp);

    /// <summary>The CPUs a breakpoint can be on, bit n for CPU n.</summary>
    private protected ulong CpusOf(PerfBreakpoint bp) => bp.Cpu is { } cpu ? 1UL << cpu : ulong.MaxValue >> (64 - Kernel.Cpus.Count);

    /// <summary>The next CPU of a mask, taken out of it.</summary>
    private protected static int TakeCpu(ref ulong mask)
    {
        int cpu = BitOperations.TrailingZeroCount(mask);
        mask &= mask - 1;
        return cpu;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> ReserveLocked(KernelContext c, PerfBreakpoint bp, BreakpointType type)
    {
        if (type is BreakpointType.None or BreakpointType.Invalid)
        {
            return Errno.Invalid;
        }

        c.Line("max_pinned_slots = max_bp_pinned_slots(bp, type) + weight;");
        if (await CountPinned(c, bp) >= Dr7Encoding.RegisterCount)
        {
            return Errno.NoSpace;
        }

        c.Line("return toggle_bp_slot(bp, true, type, weight);");
        await Toggle(c, bp, true);
        _holders.Add(bp);
        return Errno.None;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask ReleaseLocked(KernelContext c, PerfBreakpoint bp)
    {
        c.Line("toggle_bp_slot(bp, false, type, weight);");
        await Toggle(c, bp, false);
        _holders.Remove(bp);
    }
}
