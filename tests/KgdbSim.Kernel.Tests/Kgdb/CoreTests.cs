using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>kgdb.md section 4: masters and slaves.</summary>
public sealed class CoreTests
{
    private const ulong Site = 0xFFFF_FFFF_8100_1000;

    [Fact]
    public void A_compiled_in_breakpoint_stops_the_other_CPU_and_lets_it_go()
    {
        ExplorationReport report = new Explored("core", world =>
        {
            KgdbStage stage = new(world, new KgdbStageOptions());
            stage.Memory.Map(Site, 0xCC);
            stage.Play((_, _, _) => ValueTask.FromResult(KgdbSessionResult.Continue));
            StageThread thread = stage.Thread(0, new StageInstruction(Site));
            stage.Kernel.Spawn("C0", 0, thread.Run);
            stage.Kernel.Spawn("C1", 1, static async c => await c.LocalStep());
            world.AtEnd("one session at the byte after the int3", () => stage.Log.Starts.SequenceEqual([new SessionStart(0, Site + 1, 3)]));
            world.AtEnd("nobody is in the debugger", () => stage.Kgdb.Core is
            {
                Active.Value: -1, MasterLock.Value: 0, SlaveLock.Value: 0, MastersInKgdb.Value: 0, SlavesInKgdb.Value: 0,
            });
        }).Explore(20_000);

        Assert.True(report.Verdict is Verdict.Exhausted or Verdict.Bounded, report.ToString());
        Console.WriteLine(report.ToString());
    }
}
