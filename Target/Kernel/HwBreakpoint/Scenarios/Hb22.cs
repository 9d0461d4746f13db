using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-22: a register left armed for a thread that doesn't run fires in another.</summary>
internal sealed class Hb22 : Scenario
{
    public override string Id => "HB-22";

    public override string Subject =>
        "a thread without breakpoints gets SIGTRAP for what the thread before it on this CPU watched";

    public override string Cure => "the handler sees that current has none: disarms, clears the bit, answers NOTIFY_STOP";

    public override string Participants => "1 CPU: task; #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, new InterfaceForm { SignalsSwallowedHits = !variant.HasFix });
        stage.Arm(0, 0, stage.MakeUser("T's").Info.Value);
        KernelTask innocent = stage.Kernel.Spawn("U", 0, async c => await stage.Store(c, Stage2630.UserAddress));
        ThreadBreakpoints thread = stage.Tables.Thread(innocent);
        world.AtEnd("no signal, no callback, disarmed", () => thread.Signals.Value == 0 && stage.Calls[0].Value == 0 && !stage.IsArmed(0, 0));
    }
}
