using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-04: a hit between the change of the table and the IPI, with one table for all CPUs.</summary>
internal sealed class Hb04 : Scenario
{
    public override string Id => "HB-04";

    public override string Subject => "a CPU that still has the breakpoint armed looks it up in a table it is no longer in";

    public override string Cure => "this_hbp_kernel[] per CPU, changed in the IPI function together with the registers";

    public override string Participants => "2 CPUs: task; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "with a test for null the hit of a breakpoint still registered is lost"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm
        {
            HasSingleTable = !variant.HasFix, TestsNullForThreadsOnly = variant.Name == "bad",
        });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Hold(k, 3);
        stage.Kernel.Spawn("C0", 0, c => UnregisterAndFree(c, stage, k));
        stage.Kernel.Spawn("C1", 1, c => stage.StoreSeen(c, Stage2630.Address1));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask UnregisterAndFree(KernelContext c, Stage2630 stage, HardwareBreakpoint bp)
    {
        await stage.Hw.Kernel.Unregister(c, bp);
        c.Line("kfree(bp);");
        await bp.Free(c);
    }
}
