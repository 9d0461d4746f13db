using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Rcu;

/// <summary>How rcu_read_lock() protects.</summary>
public enum RcuModel : byte
{
    /// <summary>A reader keeps its CPU: rcu_read_lock() is preempt_disable(), and all flavours coincide.</summary>
    Classic,

    /// <summary>CONFIG_PREEMPT_RCU: a reader can be preempted; only synchronize_rcu() waits for it.</summary>
    Preemptible,
}

/// <summary>Which readers a grace period waits for; before 4.20 each flavour had its own.</summary>
internal enum RcuFlavour : byte
{
    /// <summary>rcu_read_lock().</summary>
    Rcu,

    /// <summary>Softirqs off.</summary>
    Bh,

    /// <summary>Preemption or interrupts off, interrupts.</summary>
    Sched,
}

/// <summary>
/// Read-copy update: readers, and waits for all readers that began before (Documentation/RCU; flavours as before 4.20, when
/// each had its own grace periods).
/// </summary>
internal sealed class Rcu(KernelModel kernel, RcuModel model)
{
    public RcuModel Model => model;

    /// <summary>rcu_read_lock().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask ReadLock(KernelContext c)
    {
        if (model == RcuModel.Classic)
        {
            await c.PreemptDisable();
        }
        else
        {
            await c.Process.RcuNesting.FetchAdd(c, 1);
        }
    }

    /// <summary>rcu_read_unlock().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask ReadUnlock(KernelContext c)
    {
        if (model == RcuModel.Classic)
        {
            await c.PreemptEnable();
        }
        else if (await c.Process.RcuNesting.FetchAdd(c, -1) == 0)
        {
            c.Warn("unbalanced rcu_read_unlock", $"{c.Name} leaves an RCU reader it never entered");
        }
    }

    /// <summary>rcu_read_lock_bh().</summary>
    public Step<ControlChange, bool> ReadLockBh(KernelContext c) => c.LocalBhDisable();

    /// <summary>rcu_read_unlock_bh().</summary>
    public ValueTask ReadUnlockBh(KernelContext c) => c.LocalBhEnable();

    /// <summary>rcu_read_lock_sched().</summary>
    public Step<ControlChange, bool> ReadLockSched(KernelContext c) => c.PreemptDisable();

    /// <summary>rcu_read_unlock_sched().</summary>
    public Step<ControlChange, bool> ReadUnlockSched(KernelContext c) => c.PreemptEnable();

    /// <summary>Whether the context is a reader that grace periods of the flavour wait for.</summary>
    public bool IsReader(KernelContext c, RcuFlavour flavour) => flavour switch
    {
        RcuFlavour.Rcu when model == RcuModel.Preemptible => c.Process.RcuNesting.Value != 0,
        RcuFlavour.Bh => !c.Control.SoftirqsEnabled,
        _ => !c.Control.IsPreemptible,
    };

    /// <summary>synchronize_rcu(), synchronize_rcu_bh() or synchronize_sched().</summary>
    public ValueTask Synchronize(KernelContext c, RcuFlavour flavour) => flavour switch
    {
        RcuFlavour.Rcu => SynchronizeRcu(c),
        RcuFlavour.Bh => SynchronizeRcuBh(c),
        _ => SynchronizeSched(c),
    };

    /// <summary>synchronize_rcu(): waits for all rcu_read_lock() sections that began before.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SynchronizeRcu(KernelContext c)
    {
        if (model == RcuModel.Classic)
        {
            await SynchronizeSched(c);
            return;
        }

        CheckCaller(c, "synchronize_rcu");
        foreach (KernelProcess process in kernel.Processes)
        {
            if (!ReferenceEquals(process, c.Process))
            {
                await c.SleepUntil(process.RcuNesting, static nesting => nesting == 0, "synchronize_rcu");
            }
        }
    }

    /// <summary>
    /// synchronize_sched(): waits until every CPU has been where it could switch tasks, so all sections with preemption or
    /// interrupts off that began before have ended.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SynchronizeSched(KernelContext c)
    {
        CheckCaller(c, "synchronize_sched");
        foreach (KernelCpu cpu in kernel.Cpus)
        {
            if (cpu.Number != c.Home.Number)
            {
                await c.SleepUntil(cpu.ControlCell, IsQuiescent(RcuFlavour.Sched), "synchronize_sched");
            }
        }
    }

    /// <summary>synchronize_rcu_bh(): waits until every CPU has been out of softirqs and of sections with softirqs off.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SynchronizeRcuBh(KernelContext c)
    {
        CheckCaller(c, "synchronize_rcu_bh");
        foreach (KernelCpu cpu in kernel.Cpus)
        {
            if (cpu.Number != c.Home.Number)
            {
                await c.SleepUntil(cpu.ControlCell, IsQuiescent(RcuFlavour.Bh), "synchronize_rcu_bh");
            }
        }
    }

    /// <summary>When a CPU is outside all readers of a flavour that is told by its control word.</summary>
    public Func<CpuControl, bool> IsQuiescent(RcuFlavour flavour) => flavour == RcuFlavour.Bh
        ? static control => control is { SoftirqsEnabled: true, InInterrupt: false } || control.Owner == 0
        : kernel.Options.Preemption == PreemptionModel.Full
            ? static control => control.IsPreemptible || control.Owner == 0
            : static control => control.Owner == 0 || control.PassesQuiescentState;

    private static void CheckCaller(KernelContext c, string function)
    {
        if (c.Process.RcuNesting.Value != 0)
        {
            c.Warn("grace period inside a reader", $"{c.Name} calls {function} inside an RCU reader: it waits for itself");
        }
    }
}
