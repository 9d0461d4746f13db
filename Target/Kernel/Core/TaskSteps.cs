using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>The scheduler decides that, and to whom, the CPU goes.</summary>
internal readonly struct PickTask(TaskScheduler scheduler) : IAtomicOperation<KernelTask>
{
    static StepNature IAtomicOperation<KernelTask>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => ((IWaitCondition)scheduler).Holds(context);

    public void Announce(StepContext context) => scheduler.Announce(context);

    public KernelTask Execute(StepContext context)
    {
        context.Window.Clear();
        KernelTask next = scheduler.Pick();
        context.World.Trace?.Note("schedule", scheduler.Context.Home.ControlCell, next.Name);
        return next;
    }
}

/// <summary><c>current</c> is the next task from here on; the registers are still the previous one's.</summary>
internal readonly struct SwitchCurrent(KernelTask next) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        KernelCpu cpu = ((KernelContext)context).Home;
        cpu.SetCurrent(next);
        context.World.Trace?.Note("current", cpu.ControlCell, next.Name);
        return default;
    }
}

/// <summary>The next task goes on where it was, on this CPU.</summary>
internal readonly struct HandOver(KernelTask? previous, KernelTask next) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        KernelCpu cpu = ((KernelContext)context).Home;
        next.Cpu!.Commit(cpu.Number);
        if (!ReferenceEquals(next.Context.Home, cpu))
        {
            next.Context.Migrate(cpu);
        }

        // Not before: another CPU must not go on with a task whose registers are still being saved (finish_task()).
        if (previous is not null && !ReferenceEquals(previous, next))
        {
            previous.OnCpu!.Commit(false);
        }

        cpu.ControlCell.Commit(cpu.Control.WithOwner(next.Number).WithIrqs(true));
        context.World.Trace?.Note("switch to", cpu.ControlCell, next.Name);
        return default;
    }
}

/// <summary>A task that sleeps gives its CPU away.</summary>
internal readonly struct ScheduleOut(KernelTask task) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        task.Runnable.Commit(false);
        task.Context.Home.Release(task);
        context.World.Trace?.Note("sleep", task.Runnable, "");
        return default;
    }
}

/// <summary>A task that could go on gives its CPU away: yield(), or a reschedule that is due.</summary>
internal readonly struct YieldCpu(KernelTask task) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        task.Context.Home.Release(task);
        context.World.Trace?.Note("yield", task.Context.Home.ControlCell, "");
        return default;
    }
}

/// <summary>A task that slept gets a CPU nobody uses; where there is a scheduler, that gives it one.</summary>
internal readonly struct ScheduleIn(KernelTask task) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => ScheduleInCondition.Instance.Holds(context);

    public void Announce(StepContext context) =>
        context.WaitFor(ScheduleInCondition.Instance, task.Context.Home.ControlCell, AccessKind.Write, null);

    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        task.Runnable.Commit(true);
        task.Context.Home.TakeOver(task);
        context.World.Trace?.Note("wake", task.Runnable, "");
        return default;
    }
}

/// <summary>A task is runnable again.</summary>
internal readonly struct MakeRunnable(KernelTask task) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        task.Runnable.Commit(true);
        context.World.Trace?.Note("wake", task.Runnable, "");
        return default;
    }
}

/// <summary>The CPU of the context is idle.</summary>
internal sealed class ScheduleInCondition : IWaitCondition
{
    public static ScheduleInCondition Instance { get; } = new();

    public bool Holds(StepContext context) => ((KernelContext)context).Home.Control is { Owner: 0, IsOffline: false };
}
