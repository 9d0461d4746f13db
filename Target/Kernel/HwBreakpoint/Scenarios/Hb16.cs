using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-16: a dead thread is flushed while another runs on the CPU.</summary>
internal sealed class Hb16 : Scenario
{
    public override string Id => "HB-16";

    public override string Subject =>
        "flush_thread_hw_breakpoint() of a dead thread, in a softirq, disarms the thread that runs there";

    public override string Cure => "the registers are reset only if the thread is current; its counters always";

    public override string Participants => "1 CPU: task; softirq";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, new InterfaceForm { FlushesAnyonesRegisters = !variant.HasFix });
        KernelTask running = stage.Kernel.Spawn("U", 0, static async c =>
        {
            await c.LocalStep();
            await c.LocalStep();
        });
        HardwareBreakpoint own = stage.MakeUser("U's");
        stage.Hold(running, own, 0);
        stage.Arm(0, 0, own.Info.Value);
        ThreadBreakpoints dead = new(stage.Kernel, "D", null);
        dead.Breakpoints[0].Commit(stage.MakeUser("D's"));
        dead.HasBreakpoints.Commit(true);
        stage.Tables.UserCount[0].Commit(2);
        stage.Kernel.AddInterrupt("C0.timer", 0, ContextKind.Hardirq, 1, async c =>
            await c.Home.Softirqs.Raise(c, softirq => stage.Hw.Threads.Flush(softirq, dead)));
        SharedCell<ulong> wanted = stage.Tables.Thread(running).DebugReg7;
        ulong before = wanted.Value;
        world.AtEnd("what runs keeps its registers", () => stage.IsLoaded(0, own, 0) && wanted.Value == before);
        world.AtEnd("each breakpoint is counted once", () => stage.Tables.UserCount[0].Value == 1);
    }
}
