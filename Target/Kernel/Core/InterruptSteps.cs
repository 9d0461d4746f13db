using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>Makes an interrupt pending.</summary>
internal readonly struct RaiseInterrupt(InterruptSource source) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        int pending = source.Pending.Value;
        source.Pending.Commit(source.Kind == ContextKind.Nmi ? 1 : pending + 1);
        context.World.Trace?.Note("raise", source.Pending, source.Name);
        return default;
    }
}

/// <summary>An interrupt is delivered: its source takes the CPU from whoever had it.</summary>
internal readonly struct DeliverInterrupt(InterruptSource source) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => ((IWaitCondition)source).Holds(context);

    public void Announce(StepContext context)
    {
        context.WaitFor(source, source.Context.Home.ControlCell, AccessKind.Write, null);
        context.WaitAlsoFor(source.Pending, AccessKind.Write);
    }

    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        source.TakeOne();
        context.World.Trace?.Note("enter", source.Context.Home.ControlCell, source.Kind);
        source.Context.Home.Enter(source.Context, source.Kind);
        return default;
    }
}
