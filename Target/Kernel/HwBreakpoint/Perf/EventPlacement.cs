using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// Which breakpoints are in registers: those of a CPU always, those of a task while it runs. Every change happens on the CPU
/// concerned with interrupts off (kernel/events/core.c: perf_install_in_context, event_function_call, ctx_sched_in/out).
/// </summary>
/// <remarks>
/// A task's breakpoints leave when the next one comes, after <c>current</c> has changed; perf takes them out before. In between
/// only the switch itself runs, or nobody.
/// </remarks>
internal sealed class EventPlacement(KernelModel kernel, CpuBreakpoints[] cpus, BreakpointTasks tasks)
{
    /// <summary>perf_event_enable(), unless the attributes say it is disabled; also the first installation.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Enable(KernelContext c, PerfBreakpoint bp)
    {
        bool isDisabled = (await bp.Attributes.Read(c)).IsDisabled;
        await bp.State.Write(c, isDisabled ? PerfEventState.Off : PerfEventState.Inactive);
        if (!isDisabled)
        {
            await OnItsCpu(c, bp, remote => InstallHere(remote, bp));
        }
    }

    /// <summary>perf_event_disable(): in no register any more when it returns.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Disable(KernelContext c, PerfBreakpoint bp)
    {
        await OnItsCpu(c, bp, remote => RemoveHere(remote, bp));
        await bp.State.Write(c, PerfEventState.Off);
    }

    /// <summary>Puts a breakpoint into its task's context, and into a register if that runs.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Attach(KernelContext c, PerfBreakpoint bp)
    {
        TaskBreakpoints of = tasks.Of(bp.Task!);
        bool irqs = await of.ContextLock.LockIrqSave(c);
        await of.Events.Write(c, [.. await of.Events.Read(c), bp]);
        await of.ContextLock.UnlockIrqRestore(c, irqs);
        await Enable(c, bp);
    }

    /// <summary>Takes it out again.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Detach(KernelContext c, PerfBreakpoint bp)
    {
        TaskBreakpoints of = tasks.Of(bp.Task!);
        bool irqs = await of.ContextLock.LockIrqSave(c);
        await of.Events.Write(c, [.. (await of.Events.Read(c)).Where(other => !ReferenceEquals(other, bp))]);
        await of.ContextLock.UnlockIrqRestore(c, irqs);
        await Disable(c, bp);
    }

    /// <summary>A CPU goes to another task: the breakpoints of the one leave, those of the other come.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SwitchTask(KernelContext c, KernelTask? previous, KernelTask next)
    {
        CpuBreakpoints cpu = cpus[c.Home.Number];
        if (await cpu.LoadedTask.Read(c) is { } loaded && !ReferenceEquals(loaded, next))
        {
            await ForEachEvent(c, loaded, RemoveHere);
        }

        await cpu.LoadedTask.Write(c, next);
        await ForEachEvent(c, next, InstallHere);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask ForEachEvent(KernelContext c, KernelTask task, Func<KernelContext, PerfBreakpoint, ValueTask> action)
    {
        TaskBreakpoints of = tasks.Of(task);
        await of.ContextLock.Lock(c);
        foreach (PerfBreakpoint bp in await of.Events.Read(c))
        {
            await action(c, bp);
        }

        await of.ContextLock.Unlock(c);
    }

    /// <summary>event_sched_in(): interrupts are off.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask InstallHere(KernelContext c, PerfBreakpoint bp)
    {
        bool isForeign = bp.Cpu is { } cpu && cpu != c.Home.Number || bp.Task is { } task && !ReferenceEquals(task, c.Current);
        if (isForeign || await bp.State.Read(c) != PerfEventState.Inactive)
        {
            return;
        }

        if (bp.Task is not null)
        {
            await cpus[c.Home.Number].LoadedTask.Write(c, bp.Task);
        }

        Errno result = await cpus[c.Home.Number].Install(c, bp);
        if (result == Errno.None)
        {
            await bp.OnCpu.Write(c, c.Home.Number);
        }

        await bp.State.Write(c, result == Errno.None ? PerfEventState.Active : bp.IsPinned ? PerfEventState.Error : PerfEventState.Inactive);
    }

    /// <summary>event_sched_out(): interrupts are off.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RemoveHere(KernelContext c, PerfBreakpoint bp)
    {
        // A task's breakpoint may be in another CPU's register: then that one takes it out.
        if (await bp.OnCpu.Read(c) != c.Home.Number)
        {
            return;
        }

        await cpus[c.Home.Number].Uninstall(c, bp);
        await bp.OnCpu.Write(c, PerfBreakpoint.Nowhere);
        await bp.State.Write(c, PerfEventState.Inactive);
    }

    /// <summary>Runs a function on the breakpoint's CPU, or where its task runs; nowhere if it doesn't.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask OnItsCpu(KernelContext c, PerfBreakpoint bp, Func<KernelContext, ValueTask> function)
    {
        if (bp.Task is null)
        {
            await On(c, bp.Cpu!.Value, function);
            return;
        }

        foreach (KernelCpu cpu in kernel.Cpus)
        {
            if (await bp.OnCpu.Read(c) == cpu.Number || (await cpu.ControlCell.Read(c)).Current == bp.Task.Number)
            {
                await On(c, cpu.Number, function);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask On(KernelContext c, int cpu, Func<KernelContext, ValueTask> function)
    {
        if (cpu != c.Home.Number)
        {
            await CrossCall.CallMany(c, 1UL << cpu, function, true);
            return;
        }

        bool irqs = await c.LocalIrqSave();
        await function(c);
        await c.LocalIrqRestore(irqs);
    }
}
