using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-04: what a perf callback answers is ignored, so a callback cannot dismiss an event.</summary>
internal sealed class Kg04 : KgdbScenario
{
    public override string Id => "KG-04";

    public override string Subject =>
        "the callback has dealt with the hit and says so, perf drops the answer, and the chain goes on to kgdb's notifier";

    public override string Cure =>
        "the callback's NOTIFY_STOP becomes the handler's (proposed, rejected); equivalent to KG-01's flag";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-flag", false, "the workaround posted instead: recieved_hw_brk"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool hasFlag = variant.Name == "fixed-flag";
        KgdbStageOptions options = KgdbStageOptions.Of2010(
            KgdbForm.Posted with { HasReceivedFlag = hasFlag, TestsDr6 = hasFlag }, HandlerForm.KgdbAsPosted);
        KgdbStage stage = new(world, options with { HasPerfNotifier = false });
        bool honours = variant.Name == "fixed";
        stage.Traps.DieChain.Add(new NotifierBlock<DieArgs>(stage.Kernel, "hw_breakpoint", int.MaxValue, async (c, code, args) =>
        {
            NotifyResult result = code == DieCode.Debug ? await stage.Perf!.HandleDebug(c, args) : NotifyResult.Done;

            // The callback notes its answer in the flag anyway; a perf that honours it needs nothing else.
            bool taken = honours && await stage.Kgdb.Core.Cpus[0].ReceivedHwBrk.Exchange(c, false);
            return taken ? NotifyResult.Stop : result;
        }));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched), Store(Code + 2, Other), Store(Code + 3, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("one session for each hit", () => stage.Log.Count == 1 + 2);
        world.AtEnd("every instruction was executed once", () => thread.Executed.Skip(1).All(static count => count == 1));
    }
}
