using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-14: a CPU that missed the roundup keeps its breakpoints, which the debugger has removed.</summary>
internal sealed class Kg14 : KgdbScenario
{
    public override string Id => "KG-14";

    public override string Subject =>
        "a CPU that didn't stop keeps a removed watch armed and in its register, and its next entries look at enabled breakpoints only";

    public override string Cure => "at entry, whatever of kgdb's is installed is taken out";

    public override string Participants => "2 CPUs: session; NMI that is too long";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-deferred", false, "Z writes no register, and an access in the session doesn't trigger"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name == "fixed-deferred")
        {
            SetUpDeferred(world);
            return;
        }

        KgdbStage stage = new(world, KgdbStageOptions.Of(2, variant.HasFix ? KgdbDefects.None : KgdbDefects.OrphanWhenNotStopped));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }
            else if (n == 1)
            {
                await Unwatch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        SharedCell<int> phase = world.Cell("phase", 0);
        InterruptSource longNmi = stage.Kernel.AddInterrupt("C1.smi", 1, ContextKind.Nmi, 0, async c =>
        {
            await phase.Write(c, 1);
            await phase.WaitUntil(c, static value => value == 2);
            await phase.Write(c, 3);
        });
        StageThread thread = BreakThen(stage, 0);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await thread.Run(c);
            await longNmi.Raise(c);
            await phase.WaitUntil(c, static value => value == 1);
            c.Line("the session that CPU 1 misses: z2");
            await stage.Kgdb.Core.RoundupTimedOut.Write(c, true);
            await thread.Run(c);
            await stage.Kgdb.Core.RoundupTimedOut.Write(c, false);
            await phase.Write(c, 2);
            await phase.WaitUntil(c, static value => value == 3);
            c.Line("the next session, which it doesn't miss");
            await thread.Run(c);
        });
        world.AtEnd("three sessions, one without CPU 1",
            () => stage.Log.Count == 3 && stage.Kgdb.Core.Console.SequenceEqual(["Timed out waiting for secondary CPUs."]));
        world.AtEnd("what is armed is enabled", () => Array.TrueForAll([0, 1],
            cpu => (stage.Kernel.Cpus[cpu].DebugRegisters.Value(7) & 0xFF) == 0 && stage.Perf!.Cpu(cpu).Slots[0].Value is null));
    }

    private static void SetUpDeferred(World world)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
                if (await c.Home.DebugRegisters.Read(c, 7) != DebugRegisterFile.Dr7Reset
                    || c.Home.DebugRegisters.MatchData(Watched, 1, true) != 0)
                {
                    c.Fail("deferred", "Z2 has armed a register inside the session");
                }
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("armed at the resume", () => stage.Log.Count == 2);
    }
}
