using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-12: the IPI function reads the table's entry once for the test and again for the address.</summary>
internal sealed class Hb12 : Scenario
{
    public override string Id => "HB-12";

    public override string Subject => "an entry that was there for the test is null when its address is read";

    public override string Cure => "one read into a local; or wait = 1, under which the entry is stable";

    public override string Participants => "2 CPUs: hardirq; task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-a", false, "two reads, but every IPI is awaited"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm
        {
            IpisAreNotAwaited = variant.Name != "fixed-a", ReadsTableTwice = variant.Name != "fixed",
        });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await stage.Hw.Kernel.Register(c, k);
            await stage.Hw.Kernel.Unregister(c, k);
        });
        KernelCpu cpu = stage.Kernel.Cpus[1];
        world.Always("address, length and type come from one breakpoint",
            () => !stage.IsArmed(1, 3) || cpu.DebugRegisters.Value(3) == Stage2630.Address1, stage.Dr7(1), cpu.DebugRegisters.Cell(3));
    }
}
