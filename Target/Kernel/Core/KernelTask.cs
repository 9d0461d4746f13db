using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>A task of the modelled kernel.</summary>
internal sealed class KernelTask : KernelProcess
{
    private readonly Func<KernelContext, ValueTask> _body;

    public KernelTask(KernelCpu cpu, int pid, string comm, Func<KernelContext, ValueTask> body) : base(cpu, comm)
    {
        Pid = pid;
        _body = body;
        AllowedCpus = 1UL << cpu.Number;
        Runnable = cpu.Kernel.World.Cell($"{comm}.state", true);
        Debug = new TaskDebugState(cpu.Kernel, comm);
    }

    /// <summary>Process id, from 1.</summary>
    public int Pid { get; }

    /// <summary>The name tools show.</summary>
    public string Comm => Name;

    /// <summary>The CPUs it may run on, bit n for CPU n.</summary>
    public ulong AllowedCpus { get; set; }

    /// <summary>TASK_RUNNING: it runs, or would if it were given a CPU.</summary>
    public SharedCell<bool> Runnable { get; }

    /// <summary>What the debug trap handlers keep of it.</summary>
    public TaskDebugState Debug { get; }

    public override RunnableState State => Context.State;

    private protected override ValueTask Main()
    {
        KernelCpu home = Context.Home;
        if (home.Current is null)
        {
            home.TakeOver(this);
        }

        return _body(Context);
    }

    private protected override void Ended()
    {
        Runnable.Commit(false);
        Context.Home.Release(this);
    }
}
