using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-06: no entry in the table of a register that the kernel has just taken over.</summary>
internal sealed class Hb06 : Scenario
{
    public override string Id => "HB-06";

    public override string Subject => "a register left armed for a thread fires after the kernel has taken it and before the IPI: its entry is null";

    public override string Cure => "test for null after both branches of the handler";

    public override string Participants => "2 CPUs: task; #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 2, new InterfaceForm { TestsNullForThreadsOnly = !variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();

        // T ran on C1, was unregistered elsewhere, and U without breakpoints has the CPU.
        stage.Arm(1, 3, stage.MakeUser("T's").Info.Value);
        stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k));
        KernelTask innocent = stage.Kernel.Spawn("U", 1, async c => await stage.Store(c, Stage2630.UserAddress));
        ThreadBreakpoints thread = stage.Tables.Thread(innocent);
        world.AtEnd("no callback and no signal", () => stage.Calls[1].Value == 0 && thread.Signals.Value == 0);
    }
}
