using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>A task of the modelled kernel.</summary>
internal sealed class KernelTask : KernelProcess
{
    private readonly Func<KernelContext, ValueTask> _body;

    /// <param name="cpu">Where it begins.</param>
    /// <param name="pid">Its number among tasks.</param>
    /// <param name="comm">Its name.</param>
    /// <param name="body">What it does.</param>
    /// <param name="isForked">It begins when its parent forks it, instead of with the run.</param>
    public KernelTask(KernelCpu cpu, int pid, string comm, Func<KernelContext, ValueTask> body, bool isForked) : base(cpu, comm)
    {
        Pid = pid;
        _body = body;
        Allowed = cpu.Kernel.World.Cell($"{comm}.cpus_allowed", 1UL << cpu.Number);
        if (cpu.Scheduler is not null)
        {
            Cpu = cpu.Kernel.World.Cell($"{comm}.cpu", cpu.Number);
            Context.CpuCell = Cpu;
            OnCpu = cpu.Kernel.World.Cell($"{comm}.on_cpu", false);
        }

        Runnable = cpu.Kernel.World.Cell($"{comm}.state", !isForked);
        Signals = cpu.Kernel.World.Cell($"{comm}.signals", 0UL);
        IsTraced = cpu.Kernel.World.Cell($"{comm}.traced", false);
        Forked = isForked ? cpu.Kernel.World.Cell($"{comm}.forked", false) : null;
        Debug = new TaskDebugState(cpu.Kernel, comm);
    }

    /// <summary>Process id, from 1.</summary>
    public int Pid { get; }

    /// <summary>The name tools show.</summary>
    public string Comm => Name;

    /// <summary>The CPUs it may run on, bit n for CPU n.</summary>
    public SharedCell<ulong> Allowed { get; }

    /// <summary><see cref="Allowed"/>; may be set in set-up.</summary>
    public ulong AllowedCpus
    {
        get => Allowed.Value;
        set => Allowed.Commit(value);
    }

    /// <summary>It may run on one CPU only.</summary>
    public bool IsBound => BitOperations.IsPow2(Allowed.Value);

    /// <summary>The number of the CPU it is on or was on last; null if there is no scheduler that could move it.</summary>
    public SharedCell<int>? Cpu { get; }

    /// <summary>Some CPU runs it, has decided to run it, or is not yet done with switching away from it; null without scheduler.</summary>
    public SharedCell<bool>? OnCpu { get; }

    /// <summary>TASK_RUNNING: it runs, or would if it were given a CPU.</summary>
    public SharedCell<bool> Runnable { get; }

    /// <summary>What the debug trap handlers keep of it.</summary>
    public TaskDebugState Debug { get; }

    /// <summary>Signals sent and not yet delivered: bit n for signal n.</summary>
    public SharedCell<ulong> Signals { get; }

    /// <summary>TASK_TRACED: it has stopped for its tracer.</summary>
    public SharedCell<bool> IsTraced { get; }

    /// <summary>Its parent has forked it; null for tasks that are there from the beginning.</summary>
    public SharedCell<bool>? Forked { get; }

    /// <summary>A child nobody has forked yet isn't missed.</summary>
    public override RunnableState State => Context.State is RunnableState.Waiting && Forked is { Value: false } ? RunnableState.Idle : Context.State;

    private protected override ValueTask Main()
    {
        KernelCpu home = Context.Home;
        if (Forked is null && home.Current is null)
        {
            home.TakeOver(this);
        }

        return Forked is null && Context.Kernel.TaskHooks.Exit.Count == 0 ? _body(Context) : Live();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Live()
    {
        KernelContext c = Context;
        if (Forked is not null)
        {
            await c.WakeWhen(this, Forked, static forked => forked);
        }

        await _body(c);
        foreach (Func<KernelContext, ValueTask> hook in c.Kernel.TaskHooks.Exit)
        {
            await hook(c);
        }
    }

    private protected override void Ended()
    {
        CpuControl control = Context.Home.Control;
        if (control.Owner == Number && control is not { PreemptCount: 0, SoftirqDisableCount: 0 } && Context.World.ViolationCount == 0)
        {
            Context.Warn("unbalanced preempt count",
                $"{Name} exits with preempt count {control.PreemptCount}/{control.SoftirqDisableCount}");
        }

        Runnable.Commit(false);
        Context.Home.Release(this);
    }
}
