using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// schedule() of one CPU: gives it to another task when the present one sleeps or has ended, or, where the kernel is
/// preemptible, when a reschedule is due and nothing forbids. Made for CPUs that several tasks use.
/// </summary>
internal sealed class TaskScheduler : KernelProcess, IWaitCondition
{
    private bool _isSwitching;

    /// <param name="cpu">The CPU it divides.</param>
    /// <param name="preemptions">How many times need_resched will be set by itself, each at a moment of the explorer's choice.</param>
    public TaskScheduler(KernelCpu cpu, int preemptions) : base(cpu, $"C{cpu.Number}.sched")
    {
        NeedResched = cpu.Kernel.World.Cell($"C{cpu.Number}.preemptions", preemptions);
        ReschedDue = cpu.Kernel.World.Cell($"C{cpu.Number}.need_resched", false);
    }

    /// <summary>TIF_NEED_RESCHED of whoever runs: the next <see cref="KernelContext.PreemptEnableAndReschedule"/> gives the CPU away.</summary>
    public SharedCell<bool> ReschedDue { get; }

    /// <summary>How many preemptions are due.</summary>
    public SharedCell<int> NeedResched { get; }

    public override RunnableState State => Context.State switch
    {
        RunnableState.Waiting or RunnableState.Spinning when !_isSwitching => RunnableState.Idle,
        RunnableState state => state,
    };

    bool IWaitCondition.Holds(StepContext context) => MustSwitch(Context.Home) && FirstCandidate(0) is not null;

    /// <summary>Part of a step: the CPU is the scheduler's, interrupts are off; yields who is next.</summary>
    public KernelTask Pick()
    {
        KernelCpu cpu = Context.Home;
        int count = 0;
        for (KernelTask? task = FirstCandidate(0); task is not null; task = FirstCandidate(++count))
        {
        }

        KernelTask next = FirstCandidate(count == 1 ? 0 : (int)cpu.Kernel.World.Draw((ulong)count))!;
        NeedResched.Commit(NeedResched.Value - (cpu.Current?.Runnable.Value == true ? 1 : 0));

        next.OnCpu!.Commit(true);
        _isSwitching = true;
        cpu.ControlCell.Commit(cpu.Control.WithOwner(Number).WithIrqs(false));
        return next;
    }

    /// <summary>Names what the decision to switch depends on.</summary>
    public void Announce(StepContext context)
    {
        context.WaitFor(this, Context.Home.ControlCell, AccessKind.Write, null);
        context.WaitAlsoFor(NeedResched, AccessKind.Write);
        foreach (KernelTask task in Context.Kernel.Tasks)
        {
            context.WaitAlsoFor(task.Runnable, AccessKind.Read);
            context.WaitAlsoFor(task.Allowed, AccessKind.Read);
            if (task.OnCpu is not null)
            {
                context.WaitAlsoFor(task.OnCpu, AccessKind.Read);
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Main()
    {
        KernelContext c = Context;
        while (true)
        {
            c.IgnoreOwner();
            KernelTask next = await new Step<PickTask, KernelTask>(c, new PickTask(this));
            c.ObeyOwner();
            KernelTask? previous = c.Home.Current;
            await new Step<SwitchCurrent, Nothing>(c, new SwitchCurrent(next));
            foreach (Func<KernelContext, KernelTask?, KernelTask, ValueTask> hook in c.Kernel.SwitchHooks)
            {
                await hook(c, previous, next);
            }

            await new Step<HandOver, Nothing>(c, new HandOver(previous, next));
            _isSwitching = false;
        }
    }

    private protected override void Ended()
    {
    }

    private static bool MustSwitch(KernelCpu cpu)
    {
        CpuControl control = cpu.Control;
        if (control.Owner == 0)
        {
            return !control.IsOffline;
        }

        return cpu.Kernel.Options.Preemption == PreemptionModel.Full && cpu.Scheduler!.NeedResched.Value != 0
            && control.IsPreemptible && control.Owner == control.Current;
    }

    private KernelTask? FirstCandidate(int skip)
    {
        KernelCpu cpu = Context.Home;
        foreach (KernelTask task in cpu.Kernel.Tasks)
        {
            if (task.Runnable.Value && (task.AllowedCpus >> cpu.Number & 1) != 0 && task.OnCpu is { Value: false } && skip-- == 0)
            {
                return task;
            }
        }

        return null;
    }
}
