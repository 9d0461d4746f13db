using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// Something of its own that takes steps on CPUs: a task, or a source of interrupts with the handlers it runs. Several share a
/// CPU, and its control word says whose turn it is.
/// </summary>
internal abstract class KernelProcess : IStartableRunnable
{
    private protected KernelProcess(KernelCpu cpu, string name)
    {
        Context = new KernelContext(cpu, name) { Process = this };
        Completion = new TaskCompletion(cpu.Kernel.World);
        Completion.Bind(name, cpu.Kernel.World.NewLocationKey());
        RcuNesting = cpu.Kernel.World.Cell($"{name}.rcu", 0);
        Number = cpu.Kernel.Adopt(this);
        cpu.Share();
    }

    /// <summary>From 1; what <see cref="CpuControl.Owner"/> says.</summary>
    public int Number { get; }

    public KernelContext Context { get; }

    public string Name => Context.Name;

    public TaskCompletion Completion { get; }

    /// <summary>How many rcu_read_lock() it is inside of.</summary>
    public SharedCell<int> RcuNesting { get; }

    public StepContext? NextContext => Context;

    public abstract RunnableState State { get; }

    /// <summary>Waits, as one step of <paramref name="context"/>, until this process has ended.</summary>
    public Step<Join, Nothing> Join(StepContext context) => new(context, new Join(Completion));

    public long Run(long stepCountMax)
    {
        long steps = 0;
        do
        {
            Context.Resume();
            steps++;
        }
        while (steps < stepCountMax && State == RunnableState.Ready);

        EndIfFinished();
        return steps;
    }

    public void Start()
    {
        Context.Start(static process => process.Main(), this);
        EndIfFinished();
    }

    public void Drop() => Context.Drop();

    /// <summary>What it does from beginning to end.</summary>
    private protected abstract ValueTask Main();

    /// <summary>It has ended: its CPU is free.</summary>
    private protected abstract void Ended();

    private void EndIfFinished()
    {
        if (Context.State == RunnableState.Finished)
        {
            Completion.Complete();
            Ended();
        }
    }
}
