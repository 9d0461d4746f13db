using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-09: hbp_kernel_pos is one for all CPUs, this_hbp_kernel[] is not: the argument that their skew is harmless.</summary>
internal sealed class Hb09 : Scenario
{
    public override string Id => "HB-09";

    public override string Subject => "hbp_kernel_pos and a CPU's table disagree while a hit is handled";

    public override string Cure => "position moved after all IPIs, table changed in them: then a hit finds the old entry or cannot come";

    public override string Participants => "2 CPUs: task; #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { MovesPositionEarly = !variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Hold(k, 3);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await stage.Hw.Kernel.Unregister(c, k);
            await stage.Hw.Kernel.Register(c, k);
        });
        stage.Kernel.Spawn("C1", 1, c => stage.StoreSeen(c, Stage2630.Address1));
        for (int cpu = 0; cpu < 2; cpu++)
        {
            int number = cpu;
            world.Always($"C{cpu}: a register below hbp_kernel_pos is not armed for the kernel",
                () => stage.Tables.Position.Value <= 3 || !stage.IsArmed(number, 3), stage.Tables.Position, stage.Dr7(cpu));
        }
    }
}
