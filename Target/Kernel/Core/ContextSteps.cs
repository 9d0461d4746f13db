using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>The running context traps: its handler begins on top of it.</summary>
internal readonly struct EnterContext(ContextKind kind) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        KernelContext kernel = (KernelContext)context;
        context.World.Trace?.Note("enter", kernel.Home.ControlCell, kind);
        kernel.Home.Enter(kernel, kind);
        return default;
    }
}

/// <summary>IRET.</summary>
/// <param name="preemptDelta">How many preempt_disable()s of the handler outlive it.</param>
internal readonly struct LeaveContext(int preemptDelta) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    /// <summary>IRET serialises: the store buffer drains first.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        KernelContext kernel = (KernelContext)context;
        context.World.Trace?.Note("iret", kernel.Home.ControlCell, kernel.Home.Kind);
        kernel.Home.Exit(kernel, preemptDelta);
        return default;
    }
}
