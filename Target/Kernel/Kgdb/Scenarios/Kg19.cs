using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-19: two CPUs trap at once, and the debugger steps the first over its breakpoint.</summary>
internal sealed class Kg19 : KgdbScenario
{
    public override string Id => "KG-19";

    public override string Subject =>
        "gdb's step-over (z0, s, Z0) loses the other CPU's hit: it runs past, or gives up waiting and finds its breakpoint removed";

    public override string Cure => "slaves stay parked over a step, and a CPU with a hit waits until the step has ended";

    public override string Participants => "2 CPUs: #BP, #DB; #BP, NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-left-in", false, "6.1 as it is, and a client that leaves the breakpoint in: both hits are reported, one after the other"),
        new("bad-watch", true, "6.1: the roundup's NMI comes between #DB and its handler's read of DR6, and the slave's exit resets DR6"),
        new("fixed-watch", false, "two CPUs hit one watch: DR6 is left alone"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        if (variant.Name.EndsWith("watch", StringComparison.Ordinal))
        {
            SetUpWatch(world, variant.HasFix ? KgdbDefects.None : KgdbDefects.Faithful61);
            return;
        }

        bool leavesIn = variant.Name == "fixed-left-in";
        KgdbStage stage = new(world, new KgdbStageOptions
        {
            Kgdb = new KgdbOptions { Defects = variant.Name == "fixed" ? KgdbDefects.None : KgdbDefects.Faithful61, StepTries = 3 },
        });
        StageThread[] threads = [stage.Thread(0, new StageInstruction(Code)), stage.Thread(1, new StageInstruction(Code))];
        stage.Plant(Code);
        stage.Play(async (c, state, _) =>
        {
            if (leavesIn)
            {
                return KgdbSessionResult.Continue;
            }

            if (state.Vector == 3)
            {
                await stage.Kgdb.Software.Remove(c, Code);
                return new KgdbSessionResult(KgdbAction.Step, Code);
            }

            await stage.Kgdb.Software.Set(c, Code);
            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, threads[0].Run);
        stage.Kernel.Spawn("C1", 1, threads[1].Run);
        world.AtEnd("each CPU's hit is reported once",
            () => stage.Log.Starts.Count(static start => start is { Cpu: 0, Vector: 3 }) == 1
                && stage.Log.Starts.Count(static start => start is { Cpu: 1, Vector: 3 }) == 1);
        world.AtEnd("nobody is in the debugger", () => stage.Kgdb.Core is
        {
            Active.Value: KgdbCore.Nobody, MastersInKgdb.Value: 0, SlavesInKgdb.Value: 0,
        });
    }

    private static void SetUpWatch(World world, KgdbDefects defects)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(2, defects));
        stage.Arm(0, Watched);
        stage.Play(static (_, _, _) => ValueTask.FromResult(KgdbSessionResult.Continue));
        stage.Kernel.Spawn("C0", 0, stage.Thread(0, Store(Code, Watched)).Run);
        stage.Kernel.Spawn("C1", 1, stage.Thread(1, Store(Code + 0x100, Watched)).Run);
        world.AtEnd("each CPU's hit is reported once", () => stage.Log.CountOn(0) == 1 && stage.Log.CountOn(1) == 1);
        world.AtEnd("both are armed again", () => IsConsistent(stage, 0) && IsConsistent(stage, 1));
    }
}
