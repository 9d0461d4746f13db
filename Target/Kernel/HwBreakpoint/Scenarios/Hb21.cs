using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-21: the kernel and a thread want the same register.</summary>
internal sealed class Hb21 : Scenario
{
    public override string Id => "HB-21";

    public override string Subject => "the kernel and a thread both find the last register free, and both get it";

    public override string Cure => "one lock for both";

    public override string Participants => "2 CPUs: task; task";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { RegistersThreadsUnlocked = !variant.HasFix });
        SharedCell<int> served = world.Cell("served", 0);
        HardwareBreakpoint k = stage.MakeK1();
        HardwareBreakpoint user = stage.MakeUser("T's");
        stage.Tables.Position.Commit(1);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            Errno result = await stage.Hw.Kernel.Register(c, k);
            await served.FetchAdd(c, result == Errno.None ? 1 : 0);
        });
        KernelTask thread = stage.Kernel.Spawn("T", 1, async c =>
        {
            Errno result = await stage.Hw.Threads.Register(c, stage.Tables.Current(c.Home), user);
            await served.FetchAdd(c, result == Errno.None ? 1 : 0);
        });
        stage.Tables.Thread(thread);
        world.AtEnd("exactly one of them gets it", () => served.Value == 1);
    }
}
