using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-11: a CPU comes online after kgdb has made its per-CPU events.</summary>
internal sealed class Kg11 : KgdbScenario
{
    public override string Id => "KG-11";

    public override string Subject =>
        "a CPU comes up while a watch is set: it has no event, and kgdb_correct_hw_break follows the null pointer";

    public override string Cure => "events are made for a CPU that comes up";

    public override string Participants => "2 CPUs: session; secondary start";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(2, variant.HasFix ? KgdbDefects.None : KgdbDefects.MissingHotplugEvent);
        KgdbStage stage = new(world, options with { OfflineCpus = 2 });
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread first = BreakThen(stage, 0);
        StageThread second = stage.Thread(1, Store(Code + 0x201, Watched));
        SharedCell<bool> isWatched = world.Cell("the watch is set", false);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await first.Run(c);
            await isWatched.Write(c, true);
        });
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await isWatched.WaitUntil(c, static set => set);
            c.Line("start_secondary: set_cpu_online(); ... kgdb: correct_hw_break");
            await c.Kernel.Online.FetchOr(c, 2UL);
            await stage.Hardware.StartCpu(c);
            await second.Run(c);
        });
        world.AtEnd("every CPU that is online is armed", () => stage.Log.CountOn(1) == 1 && IsConsistent(stage, 1));
    }
}
