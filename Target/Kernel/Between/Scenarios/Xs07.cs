using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Between;

/// <summary>XS-07: a grace period and a debugger that has stopped the machine.</summary>
internal sealed class Xs07 : Scenario
{
    private const ulong Break = 0xFFFF_FFFF_8100_1000;

    public override string Id => "XS-07";

    public override string Subject =>
        "the debugger waits for a grace period, which cannot end while the other CPUs are parked";

    public override string Cure => "nothing in a session waits; a task's synchronize_sched ends after the resume";

    public override string Participants => "2 CPUs: session; task";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, new KgdbStageOptions());
        stage.Memory.Map(Break, 0xCC);
        StageThread thread = stage.Thread(0, new StageInstruction(Break));
        SharedCell<bool> ended = world.Cell("the grace period is over", false);
        stage.Play(async (c, _, _) =>
        {
            bool before = await ended.Read(c);
            if (!variant.HasFix)
            {
                await stage.Rcu.SynchronizeSched(c);
            }

            if (await ended.Read(c) != before)
            {
                c.Fail("grace period", "it ends while the CPU of the session hasn't passed a quiescent state");
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, thread.Run);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await stage.Rcu.SynchronizeSched(c);
            await ended.Write(c, true);
        });
        world.AtEnd("the grace period ends after the resume", () => ended.Value);
    }
}
