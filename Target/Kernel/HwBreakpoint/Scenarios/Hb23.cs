using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-23: hits while the registers are being changed.</summary>
internal sealed class Hb23 : Scenario
{
    public override string Id => "HB-23";

    public override string Subject =>
        "DR3 has a new address and DR7 still the old length: an access that nobody watches is a hit";

    public override string Cure => "DR7 = 0 first; what an NMI hits meanwhile is lost, which is accepted";

    public override string Participants => "1 CPU: task; NMI; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-a", false, "the NMI stores where K2 watches: it hits before or after, in between it doesn't"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, new InterfaceForm { UpdatesWhileArmed = !variant.HasFix });
        HardwareBreakpoint k1 = stage.MakeK1();
        stage.Hold(k1, 3);
        stage.Hold(stage.MakeK2(), 2);
        stage.Kernel.Spawn("C0", 0, c => stage.Hw.Kernel.Unregister(c, k1));
        ulong address = variant.Name == "fixed-a" ? Stage2630.Address2 : Stage2630.Address2 + 2;
        stage.Kernel.AddInterrupt("C0.nmi", 0, ContextKind.Nmi, 1, async c =>
        {
            // K2 watches one byte; this one is K2's only by K1's length.
            if (await stage.Store(c, address) && address != Stage2630.Address2)
            {
                c.Fail("spurious #DB", $"a store to {address:x}, which nobody watches, is a hit");
            }
        });
    }
}
