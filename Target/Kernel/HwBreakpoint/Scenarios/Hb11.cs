using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-11: unregister returns while a callback of the breakpoint runs elsewhere.</summary>
internal sealed class Hb11 : Scenario
{
    public override string Id => "HB-11";

    public override string Subject => "the caller of unregister frees a breakpoint whose callback has not ended";

    public override string Cure => "wait = 1: the IPI is taken after the handler's IRET, and unregister waits for it";

    public override string Participants => "2 CPUs: task; #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { IpisAreNotAwaited = !variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Hold(k, 3);
        stage.Kernel.Spawn("C0", 0, c => UnregisterAndFree(c, stage, k));
        stage.Kernel.Spawn("C1", 1, async c => await stage.Store(c, Stage2630.Address1));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UnregisterAndFree(KernelContext c, Stage2630 stage, HardwareBreakpoint bp)
    {
        await stage.Hw.Kernel.Unregister(c, bp);
        c.Line("kfree(bp);");
        await bp.Free(c);
    }
}
