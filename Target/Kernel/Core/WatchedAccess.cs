using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// An access to memory that the CPU's data breakpoints see. If one matches, DR6 says which and the #DB handler begins on top
/// in the same step, since that trap comes before any interrupt (SDM vol. 3, 6.9). Yields whether it did; the caller runs the
/// handler and leaves.
/// </summary>
internal readonly struct WatchedAccess(ulong address, int length, bool isWrite) : IAtomicOperation<bool>
{
    static StepNature IAtomicOperation<bool>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public bool Execute(StepContext context)
    {
        KernelContext kernel = (KernelContext)context;
        DebugRegisterFile registers = kernel.Home.DebugRegisters;
        for (int n = 0; n < 4; n++)
        {
            context.World.Touch(registers.Cell(n).Id, AccessKind.Read);
        }

        context.World.Touch(registers.Cell(7).Id, AccessKind.Read);
        ulong hits = registers.MatchData(address, length, isWrite);

        // Hit or not, the same locations are written.
        registers.Set(6, registers.Value(6) | hits);
        context.World.Trace?.Note(isWrite ? "store" : "load", registers.Cell(6), $"{address:x}{(hits == 0 ? "" : " #DB")}");
        if (hits == 0)
        {
            kernel.Home.ControlCell.Commit(kernel.Home.Control);
        }
        else
        {
            kernel.Home.Enter(kernel, ContextKind.Debug);
        }

        return hits != 0;
    }
}
