using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-10: unregistering closes the gap in the table before the registers follow.</summary>
internal sealed class Hb10 : Scenario
{
    public override string Id => "HB-10";

    public override string Subject => "a hit of one breakpoint calls another that has moved into its place in the table";

    public override string Cure => "this_hbp_kernel[] per CPU, changed together with the registers";

    public override string Participants => "2 CPUs: task; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "a hit of the one that moved finds its old place empty"),
        new("fixed-a", false, "the same hit with the cure"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm
        {
            HasSingleTable = !variant.HasFix, TestsNullForThreadsOnly = !variant.HasFix,
        });
        HardwareBreakpoint k1 = stage.MakeK1();
        stage.Hold(k1, 3);
        stage.Hold(stage.MakeK2(), 2);
        ulong address = variant.Name is "bad-a" or "fixed-a" ? Stage2630.Address2 : Stage2630.Address1;
        stage.Kernel.Spawn("C0", 0, c => stage.Hw.Kernel.Unregister(c, k1));
        stage.Kernel.Spawn("C1", 1, c => stage.StoreSeen(c, address));
        world.AtEnd("the breakpoint that is left is armed everywhere", () => stage.IsLoaded(0, stage.Tables.Kernel[3].Value!, 3)
            && stage.IsLoaded(1, stage.Tables.Kernel[3].Value!, 3) && !stage.IsArmed(0, 2) && !stage.IsArmed(1, 2));
    }
}
