using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-05: a hit between the change of hbp_kernel_pos and the IPI that registers.</summary>
internal sealed class Hb05 : Scenario
{
    public override string Id => "HB-05";

    public override string Subject => "hbp_kernel_pos says that a register is the kernel's on a CPU where it isn't yet";

    public override string Cure => "none needed: that CPU's register is not armed, unless it still is for a thread that left (HB-06)";

    public override string Participants => "2 CPUs: task; #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad", true, "the register was left armed for a thread: the claim doesn't hold"),
        ScenarioVariant.Fixed,
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, InterfaceForm.Merged);
        HardwareBreakpoint k = stage.MakeK1();
        if (!variant.HasFix)
        {
            stage.Arm(1, 3, stage.MakeUser("left behind").Info.Value);
        }

        stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k));
        stage.Kernel.Spawn("C1", 1, c => stage.StoreSeen(c, Stage2630.Address1));
        world.Always("a register armed for the kernel has an entry in its CPU's table",
            () => stage.Tables.Position.Value > 3 || !stage.IsArmed(1, 3) || stage.Tables.Loaded(1)[3].Value is not null,
            stage.Tables.Position, stage.Tables.Loaded(1)[3], stage.Dr7(1));
    }
}
