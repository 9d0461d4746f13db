using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-09: a CPU is stopped while its task holds the lock of the slot accounting.</summary>
internal sealed class Kg09 : KgdbScenario
{
    public override string Id => "KG-09";

    public override string Subject => "Z waits in a session for a lock whose holder is stopped by that session";

    public override string Cure => "dbg_reserve_bp_slot refuses when the lock is held, and never waits";

    public override string Participants => "2 CPUs: session; stopped task";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(2, KgdbDefects.None));
        HistogramSlots slots = (HistogramSlots)stage.Perf!.Slots;
        PerfBreakpoint own = new(stage.Kernel, "Z2", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        stage.Play(async (c, _, _) =>
        {
            Errno error = variant.HasFix ? await Watch(stage, c, Watched) : await slots.Reserve(c, own);
            if (error is not (Errno.None or Errno.NotPermitted))
            {
                c.Fail("wrong error", $"Z2 yields {error}");
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0);
        stage.Kernel.Spawn("C0", 0, thread.Run);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await slots.CountingLock.DownWrite(c);
            await slots.CountingLock.UpWrite(c);
        });
        world.AtEnd("the session has ended", () => stage.Kgdb.Core.Active.Value == KgdbCore.Nobody);
    }
}
