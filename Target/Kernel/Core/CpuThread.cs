using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// A kernel thread of one CPU above all its tasks (kernel/stop_machine.c: cpu_stopper; the idle thread of a starting CPU): it gets
/// the CPU when a switch of tasks is possible, runs its body once, and gives the CPU back to whom it took it from.
/// </summary>
internal sealed class CpuThread : KernelProcess, IWaitCondition
{
    private readonly Func<KernelContext, ValueTask> _body;
    private readonly bool _starts;
    private bool _runs;

    /// <param name="cpu">Its CPU.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="starts">It runs on an offline CPU and brings it online, instead of taking an online one from its task.</param>
    /// <param name="body">What it does each time it is woken.</param>
    public CpuThread(KernelCpu cpu, string name, bool starts, Func<KernelContext, ValueTask> body) : base(cpu, name)
    {
        _body = body;
        _starts = starts;
        Woken = cpu.Kernel.World.Cell($"{name}.woken", false);
    }

    /// <summary>It has something to do.</summary>
    public SharedCell<bool> Woken { get; }

    /// <summary>Part of a step of its own: the CPU goes offline when the body is done.</summary>
    public bool LeavesOffline { get; set; }

    public override RunnableState State => Context.State switch
    {
        RunnableState.Waiting or RunnableState.Spinning when !_runs => RunnableState.Idle,
        RunnableState state => state,
    };

    bool IWaitCondition.Holds(StepContext context) => Woken.Value && CanSwitch(Context.Home.Control);

    /// <summary>Part of a step: it has the CPU.</summary>
    public void Begin()
    {
        Woken.Commit(false);
        _runs = true;
        Context.Home.Lend(Context, _starts);
    }

    /// <summary>Part of a step: the CPU goes back, or offline.</summary>
    public void End()
    {
        _runs = false;
        Context.Home.TakeBack(Context, LeavesOffline);
        LeavesOffline = false;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Main()
    {
        KernelContext c = Context;
        while (true)
        {
            c.IgnoreOwner();
            await new Step<BeginThread, Nothing>(c, new BeginThread(this));
            c.ObeyOwner();
            await _body(c);
            await new Step<EndThread, Nothing>(c, new EndThread(this));
        }
    }

    private protected override void Ended()
    {
    }

    private bool CanSwitch(CpuControl control)
    {
        if (_starts || control.IsOffline)
        {
            return _starts && control.IsOffline;
        }

        return control.Owner == 0 || (Context.Kernel.Options.Preemption == PreemptionModel.Full
            ? control.IsPreemptible && control.Owner == control.Current
            : control.PassesQuiescentState);
    }
}

/// <summary>A CPU's thread gets the CPU.</summary>
internal readonly struct BeginThread(CpuThread thread) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => ((IWaitCondition)thread).Holds(context);

    public void Announce(StepContext context)
    {
        context.WaitFor(thread, thread.Context.Home.ControlCell, AccessKind.Write, null);
        context.WaitAlsoFor(thread.Woken, AccessKind.Write);
    }

    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        thread.Begin();
        context.World.Trace?.Note("switch to", thread.Context.Home.ControlCell, thread.Name);
        return default;
    }
}

/// <summary>A CPU's thread sleeps again.</summary>
internal readonly struct EndThread(CpuThread thread) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        thread.End();
        context.World.Trace?.Note("sleep", thread.Context.Home.ControlCell, thread.Name);
        return default;
    }
}
