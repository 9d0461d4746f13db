using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-14: a CPU that missed the roundup keeps its breakpoints, which the debugger has removed.</summary>
internal sealed class Kg14 : KgdbScenario
{
    public override string Id => "KG-14";

    public override string Subject => "a CPU that didn't stop keeps a removed watch installed, and its next entries look at enabled breakpoints only";

    public override string Cure => "at entry, whatever of kgdb's is installed is taken out";

    public override string Participants => "1 CPU: session; the same CPU as one that was missed";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-deferred", false, "Z writes no register, and memory read in the session doesn't trigger"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, variant.HasFix ? KgdbDefects.None : KgdbDefects.OrphanWhenNotStopped));
        bool isDeferred = variant.Name == "fixed-deferred";
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
                if (isDeferred && (await c.Home.DebugRegisters.Read(c, 7) != DebugRegisterFile.Dr7Reset
                    || c.Home.DebugRegisters.MatchData(Watched, 1, true) != 0))
                {
                    c.Fail("deferred", "Z2 has armed a register inside the session");
                }
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await thread.Run(c);
            if (isDeferred)
            {
                return;
            }

            c.Line("CPU 1 has a session that this CPU misses: z2");
            await Unwatch(stage, c, Watched);
            c.Line("the next session, which this CPU doesn't miss");
            await thread.Run(c);
        });
        world.AtEnd("what is installed is enabled",
            () => isDeferred || (stage.Perf!.Cpu(0).Slots[0].Value is null && (stage.Kernel.Cpus[0].DebugRegisters.Value(7) & 0xFF) == 0));
    }
}
