using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-02: the handler writes back the DR7 it saved, over what the session in its callback has changed.</summary>
internal sealed class Kg02 : KgdbScenario
{
    public override string Id => "KG-02";

    public override string Subject =>
        "after a session in perf's callback the handler restores the old DR7: the removed watch fires, the new one is dead";

    public override string Cure => "at its end the handler writes the CPU's current cpu_dr7";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-low-level", true, "commit ba773f7c510c runs the session in the callback, too, and the handler is the old one"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of2010(
            variant.Name == "bad-low-level" ? KgdbForm.Merged2010B : KgdbForm.Posted,
            variant.HasFix ? HandlerForm.KgdbAsPosted : variant.Name == "bad" ? HandlerForm.Linux2633 : HandlerForm.E0e53db));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }
            else if (n == 1)
            {
                await Unwatch(stage, c, Watched);
                await stage.Hardware.Set(c, Other, 2, KgdbBreakpointType.Access);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched), Store(Code + 2, Other), Store(Code + 3, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("DR7 is cpu_dr7", () => IsConsistent(stage, 0));
        world.AtEnd("the new watch fires and the removed one doesn't",
            () => stage.Log.Starts.Select(static start => start.Ip).SequenceEqual([Code + 1, Code + 2, Code + 3]) && thread.TrapCount == 3);
    }
}
