using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// A thread of control in the modelled kernel. Its steps are taken only while its process owns the CPU; what it does to the
/// CPU's interrupt flag and preempt count are steps too.
/// </summary>
internal sealed class KernelContext : StepContext, IWaitCondition
{
    private bool _ignoresOwner;

    public KernelContext(KernelCpu cpu, string name) : base(cpu.Kernel.World, name, cpu.Number)
    {
        Home = cpu;
    }

    /// <summary>The CPU it runs on.</summary>
    public KernelCpu Home { get; private set; }

    public KernelModel Kernel => Home.Kernel;

    /// <summary>Its process; set once, by that.</summary>
    public KernelProcess Process { get; set; } = null!;

    /// <summary>The task whose context this is, or which it interrupted; null on an idle CPU.</summary>
    public KernelTask? Current => Home.Current;

    /// <summary>The control word of its CPU.</summary>
    public CpuControl Control => Home.Control;

    /// <summary>Where in the kernel's text the next steps are, for lockdep's reports; null: the source line stands for it.</summary>
    public Lockdep.CallSite? Site { get; set; }

    /// <summary>Whether nothing keeps it from going on on another CPU: a task, preemptible, allowed elsewhere (is_percpu_thread()).</summary>
    public bool IsMovable => Process is KernelTask { IsBound: false } && Control.IsPreemptible;

    private protected override IWaitCondition? Gate => Home.IsShared && !_ignoresOwner ? this : null;

    private protected override SharedLocation? GateLocation => Home.ControlCell;

    /// <summary>Where the number of the CPU it is on is kept; null if nothing can move it.</summary>
    public SharedCell<int>? CpuCell { get; set; }

    private protected override SharedLocation? SecondGateLocation => CpuCell;

    /// <summary>The process owns its CPU; where a task is is asked about the past, too.</summary>
    bool IWaitCondition.Holds(StepContext context) =>
        (CpuCell is { } cpu ? Kernel.Cpus[cpu.Value] : Home).Control.Owner == Process.Number;

    /// <summary>The next step is taken whoever owns the CPU: an interrupt comes, a sleeper waits for its event.</summary>
    public void IgnoreOwner() => _ignoresOwner = true;

    /// <summary>From now on steps wait for the CPU again.</summary>
    public void ObeyOwner() => _ignoresOwner = false;

    /// <summary>Itself, and in which of the contexts it has stacked: "C0.timer softirq".</summary>
    internal override string Place
    {
        get
        {
            ContextFrame? own = Home.Frames.LastOrDefault(frame => frame.Process == Process) is { Process: not null } last ? last : null;
            bool serves = Control.ServingSoftirq && own?.Interrupted.ServingSoftirq != true && (own is not null || Process is KernelTask);
            ContextKind kind = serves ? ContextKind.Softirq
                : own?.Kind ?? (Process as InterruptSource)?.Kind ?? ContextKind.Task;
            return kind switch
            {
                ContextKind.Task => Name,
                ContextKind.Breakpoint => $"{Name} #BP",
                ContextKind.Debug => $"{Name} #DB",
                ContextKind.Nmi => $"{Name} NMI",
                ContextKind.MachineCheck => $"{Name} #MC",
                ContextKind.Softirq => $"{Name} softirq",
                _ => $"{Name} hardirq",
            };
        }
    }

    /// <inheritdoc/>
    internal override int? PlaceDepth
    {
        get
        {
            // An interrupt that is just being delivered has no frame yet.
            bool arrives = Process is InterruptSource && !Home.Frames.Any(frame => frame.Process == Process);
            return Home.Frames.Count + (arrives ? 1 : 0) + (Control.ServingSoftirq ? 1 : 0);
        }
    }

    /// <summary>preempt_disable().</summary>
    public Step<ControlChange, bool> PreemptDisable() => Change(ControlAction.PreemptDisable);

    /// <summary>preempt_enable() and preempt_enable_no_resched().</summary>
    public Step<ControlChange, bool> PreemptEnable() => Change(ControlAction.PreemptEnable);

    /// <summary>local_irq_disable(), local_irq_save(): yields whether interrupts were enabled.</summary>
    public Step<ControlChange, bool> LocalIrqSave() => Change(ControlAction.IrqDisable);

    /// <summary>local_irq_enable().</summary>
    public Step<ControlChange, bool> LocalIrqEnable() => Change(ControlAction.IrqEnable);

    /// <summary>local_irq_restore().</summary>
    /// <param name="enabled">What <see cref="LocalIrqSave"/> yielded.</param>
    public Step<ControlChange, bool> LocalIrqRestore(bool enabled) =>
        Change(enabled ? ControlAction.IrqEnable : ControlAction.IrqDisable);

    /// <summary>local_bh_disable().</summary>
    public Step<ControlChange, bool> LocalBhDisable() => Change(ControlAction.SoftirqDisable);

    /// <summary>local_bh_enable(): runs what softirqs became pending meanwhile.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask LocalBhEnable()
    {
        if (!Control.IrqsEnabled)
        {
            Warn("local_bh_enable with interrupts off", $"{Name} enables softirqs with interrupts off");
        }

        await Change(ControlAction.SoftirqEnable);
        if (!Control.InInterrupt && Control.SoftirqDisableCount == 0)
        {
            await Home.Softirqs.RunPending(this);
        }
    }

    /// <summary>sync_core(): a serialising instruction.</summary>
    public Step<SyncCore, Nothing> SyncCore() => new(this, default);

    /// <summary>Reports that the kernel is wrong and lets it go on: WARN_ON.</summary>
    public void Warn(string property, string message) => Fail(property, message);

    /// <summary>Reports that the kernel is wrong and ends this thread of control: BUG, oops.</summary>
    [DoesNotReturn]
    public void Oops(string property, string message)
    {
        Fail(property, message);
        throw new ReportedException(message);
    }

    /// <summary>
    /// <paramref name="pointer"/>, or a null dereference: the oops of a thread of control that follows a null pointer.
    /// </summary>
    /// <param name="pointer">What is followed.</param>
    /// <param name="what">Its name in the kernel's source.</param>
    public T Deref<T>([NotNull] T? pointer, string what) where T : class
    {
        if (pointer is null)
        {
            Oops("null dereference", $"{Name} follows {what}, which is null");
        }

        return pointer;
    }

    /// <summary>might_sleep(): reports "sleeping in atomic context" if this context must not sleep.</summary>
    public void MightSleep(string where)
    {
        if (Control.IsAtomic)
        {
            Warn("sleeping in atomic", $"{Name} sleeps in {where} with preemption, interrupts or softirqs off");
        }
        else if (Process.RcuNesting.Value != 0)
        {
            Warn("sleeping in an RCU reader", $"{Name} sleeps in {where} inside rcu_read_lock()");
        }
    }

    /// <summary>Sleeps until <paramref name="condition"/> holds for the cell; the CPU is free meanwhile.</summary>
    /// <param name="cell">What the sleeper waits for.</param>
    /// <param name="condition">A function of the cell's value alone.</param>
    /// <param name="where">The function that sleeps, for the report if it must not.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SleepUntil<T>(SharedCell<T> cell, Func<T, bool> condition, string where)
    {
        MightSleep(where);
        if (Process is not KernelTask task)
        {
            await cell.WaitUntil(this, condition);
            return;
        }

        await new Step<ScheduleOut, Nothing>(this, new ScheduleOut(task));
        await WakeWhen(task, cell, condition);
    }

    /// <summary>A task without CPU waits for <paramref name="condition"/>, then for a CPU.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask WakeWhen<T>(KernelTask task, SharedCell<T> cell, Func<T, bool> condition)
    {
        IgnoreOwner();
        await cell.WaitUntil(this, condition);
        if (Home.Scheduler is null)
        {
            await new Step<ScheduleIn, Nothing>(this, new ScheduleIn(task));
            ObeyOwner();
        }
        else
        {
            await new Step<MakeRunnable, Nothing>(this, new MakeRunnable(task));
            ObeyOwner();

            // Only once it has a CPU again is it known which.
            await LocalStep();
        }
    }

    /// <summary>
    /// schedule() of a task that stays runnable: another one that wants the CPU may have it first. Nothing where no scheduler
    /// divides the CPU.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Yield()
    {
        MightSleep("schedule");
        if (Process is KernelTask task && Home.Scheduler is not null)
        {
            await new Step<YieldCpu, Nothing>(this, new YieldCpu(task));
            await LocalStep();
        }
    }

    /// <summary>preempt_enable() that reschedules at once if somebody has asked for that and nothing forbids it any more.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask PreemptEnableAndReschedule()
    {
        await PreemptEnable();
        if (Home.Scheduler is { } scheduler && Control.IsPreemptible && await scheduler.ReschedDue.Exchange(this, false))
        {
            await Yield();
        }
    }

    /// <summary>set_cpus_allowed(): the task goes on on one of these CPUs, all of which have a scheduler.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask SetAllowedCpus(ulong mask)
    {
        MightSleep("set_cpus_allowed");
        if (Process is KernelTask task)
        {
            await task.Allowed.Exchange(this, mask);
            if ((mask >> Home.Number & 1) == 0)
            {
                await new Step<YieldCpu, Nothing>(this, new YieldCpu(task));
                await LocalStep();
            }
        }
    }

    /// <summary>cond_resched(): a quiescent state where the kernel isn't preemptible.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask CondResched()
    {
        MightSleep("cond_resched");
        await Change(ControlAction.QuiescentBegin);
        await Change(ControlAction.QuiescentEnd);
    }

    /// <summary>The context goes on on another CPU; only the scheduler of tasks does that.</summary>
    public void Migrate(KernelCpu to)
    {
        Home = to;
        MoveTo(to.Number, to.ControlCell);
    }

    private Step<ControlChange, bool> Change(ControlAction action) => new(this, new ControlChange(action));
}
