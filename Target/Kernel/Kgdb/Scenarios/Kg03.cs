using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-03: perf counts the hit and stops the chain; the debugger's user sees a watch that never fires.</summary>
internal sealed class Kg03 : KgdbScenario
{
    public override string Id => "KG-03";

    public override string Subject =>
        "an event without callback eats the hit: hw_breakpoint answers NOTIFY_STOP and kgdb is never asked";

    public override string Cure => "a callback that enters the debugger or marks virtual DR6, so that the chain goes on";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-old-answer", false, "the handler of 2.6.33 answers NOTIFY_DONE whenever a breakpoint was hit"),
        new("fixed-marks", false, "6.1: the callback marks virtual DR6"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, variant.Name switch
        {
            "bad" => KgdbStageOptions.Of2010(KgdbForm.Merged2010A, HandlerForm.E0e53db),
            "fixed" => KgdbStageOptions.Of2010(KgdbForm.Merged2010B, HandlerForm.E0e53db),
            "fixed-old-answer" => KgdbStageOptions.Of2010(KgdbForm.Merged2010A, HandlerForm.Linux2633),
            _ => KgdbStageOptions.Of(1, KgdbDefects.Faithful61),
        });
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched), Store(Code + 2, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("the debugger sees every hit", () => stage.Log.Count == 1 + 2);
    }
}
