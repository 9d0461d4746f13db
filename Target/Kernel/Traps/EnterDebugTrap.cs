using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>A debug exception is delivered: DR6 says why, and the handler's context begins.</summary>
internal readonly struct EnterDebugTrap(ulong dr6) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        KernelContext kernel = (KernelContext)context;
        context.World.Trace?.Note("#DB", kernel.Home.DebugRegisters.Cell(6), dr6);
        kernel.Home.DebugRegisters.Set(6, dr6);
        kernel.Home.Enter(kernel, ContextKind.Debug);
        return default;
    }
}
