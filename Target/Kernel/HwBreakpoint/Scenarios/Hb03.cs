using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-03: a lock taken in task context with softirqs on, and again in a softirq on the same CPU.</summary>
internal sealed class Hb03 : Scenario
{
    public override string Id => "HB-03";

    public override string Subject => "hw_breakpoint_lock is taken in a softirq (flush of a dead thread) on the CPU whose task holds it";

    public override string Cure => "spin_lock_bh";

    public override string Participants => "1 CPU: task; softirq";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, new InterfaceForm { LocksWithSoftirqsOn = !variant.HasFix });
        HardwareBreakpoint k = stage.MakeK1();
        stage.Kernel.Spawn("C0", 0, async c => await stage.Hw.Kernel.Register(c, k));
        ThreadBreakpoints dead = new(stage.Kernel, "D", null);
        stage.Kernel.AddInterrupt("C0.timer", 0, ContextKind.Hardirq, 1, async c =>
            await c.Home.Softirqs.Raise(c, softirq => stage.Hw.Threads.Flush(softirq, dead)));
    }
}
