using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-17: the marks of a hit stay in the task's virtual DR6.</summary>
internal sealed class Kg17 : KgdbScenario
{
    public override string Id => "KG-17";

    public override string Subject =>
        "6.1: after one hit of kgdb's, every hit of a perf breakpoint in the same task stops in the debugger";

    public override string Cure => "a hit marks its own register, and the notifier takes the mark away";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-before", false, "6.1 as it is: before the first hit of kgdb's, perf's hits are perf's"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, variant.Name == "fixed" ? KgdbDefects.None : KgdbDefects.Faithful61));
        bool hitsFirst = variant.Name != "fixed-before";
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Other, 1, BreakpointType.Write), 0, null);
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, hitsFirst ? Watched : Other), Store(Code + 2, Other));
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            await thread.Run(c);
        });
        world.AtEnd("a session only for its own hit", () => stage.Log.Count == (hitsFirst ? 2 : 1));
        world.AtEnd("perf counts its hits", () => perf.Count.Value == (hitsFirst ? 1 : 2));
    }
}
