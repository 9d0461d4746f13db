using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-01: a hit has its session in perf's callback, and another one when the die chain gets to kgdb.</summary>
internal sealed class Kg01 : KgdbScenario
{
    public override string Id => "KG-01";

    public override string Subject =>
        "one hit of a hardware breakpoint stops in the debugger twice: in perf's callback and in the die notifier";

    public override string Cure => "recieved_hw_brk[cpu] tells the notifier to dismiss it; later the callback only marks";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-swallowed", true, "another notifier stops the chain first: the flag stays, and dismisses the next exception"),
        new("bad-passed", true, "the session passes the exception on, so the flag stays 0; without the test of DR6 the notifier enters again"),
        new("fixed-passed", false, "the same as posted: the handler has cleared the bit in the shared DR6, so the test of DR6 dismisses it"),
        new("fixed-no-callback", false, "commit cc0967490c: no callback, the handler answers NOTIFY_DONE"),
        new("fixed-low-level", false, "commit ba773f7c510c: the callback has the session, the handler answers NOTIFY_STOP"),
        new("fixed-marks", false, "6.1: the callback marks virtual DR6"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, Options(variant.Name));
        bool passes = variant.Name is "bad-passed" or "fixed-passed";
        bool isSwallowed = variant.Name == "bad-swallowed";
        if (isSwallowed)
        {
            AddGreedyNotifier(stage);
        }

        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return passes && n == 1 ? KgdbSessionResult.Pass : KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched), Store(Code + 2, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("one session for each hit", () => stage.Log.Count == 1 + 2);
        if (isSwallowed)
        {
            world.AtEnd("the flag is down after each exception", () => !stage.Kgdb.Core.Cpus[0].ReceivedHwBrk.Value);
        }
    }

    private static KgdbStageOptions Options(string variant) => variant switch
    {
        "bad" => KgdbStageOptions.Of2010(KgdbForm.Posted with { HasReceivedFlag = false, TestsDr6 = false }, HandlerForm.KgdbAsPosted),
        "bad-passed" => KgdbStageOptions.Of2010(KgdbForm.Posted with { TestsDr6 = false }, HandlerForm.KgdbAsPosted),
        "fixed-no-callback" => KgdbStageOptions.Of2010(KgdbForm.Merged2010A, HandlerForm.Linux2633),
        "fixed-low-level" => KgdbStageOptions.Of2010(KgdbForm.Merged2010B, HandlerForm.E0e53db),
        "fixed-marks" => KgdbStageOptions.Of(1, KgdbDefects.Faithful61),
        _ => KgdbStageOptions.Of2010(KgdbForm.Posted, HandlerForm.KgdbAsPosted),
    };

    /// <summary>Somebody between hw_breakpoint and kgdb who takes every debug exception.</summary>
    private static void AddGreedyNotifier(KgdbStage stage) => stage.Traps.DieChain.Add(
        new NotifierBlock<DieArgs>(stage.Kernel, "kmmio", 0,
            static (_, code, _) => ValueTask.FromResult(code == DieCode.Debug ? NotifyResult.Stop : NotifyResult.Done)));
}
