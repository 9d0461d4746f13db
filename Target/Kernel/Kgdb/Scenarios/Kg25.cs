using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-25: two trees change the two ends of one contract: the handler's answer, and what kgdb does about hits.</summary>
internal sealed class Kg25 : KgdbScenario
{
    /// <summary>{old, new answer} by {no callback, posted, posted with flag, marking}: sessions for one hit.</summary>
    public static IReadOnlyList<(string Name, bool HasNewAnswer, KgdbForm Form, int Sessions)> Matrix { get; } =
    [
        ("old-none", false, KgdbForm.Merged2010A, 1),
        ("new-none", true, KgdbForm.Merged2010A, 0),
        ("old-posted", false, KgdbForm.Posted with { HasReceivedFlag = false, TestsDr6 = false }, 2),
        ("old-posted-flag", false, KgdbForm.Posted, 1),
        ("new-posted", true, KgdbForm.Posted with { HasReceivedFlag = false, TestsDr6 = false }, 1),
        ("new-posted-flag", true, KgdbForm.Posted, 1),
        ("old-marking", false, Marking, 1),
        ("new-marking", true, Marking, 1),
    ];

    public override string Id => "KG-25";

    public override string Subject =>
        "the handler's new answer and a kgdb that relies on the old one meet in a merge: hits are lost; with the posted callback, doubled";

    public override string Cure => "a callback that marks works with both answers";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        .. Matrix.Select(static row => new ScenarioVariant(
            $"{(row.Sessions == 1 ? "fixed" : "bad")}-{row.Name}", row.Sessions != 1, $"{row.Sessions} sessions for one hit")),
    ];

    private static KgdbForm Marking => KgdbForm.Merged2010A with { Overflow = OverflowAction.MarksVirtualDr6 };

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = SetUp(world, variant.Name[(variant.Name.IndexOf('-') + 1)..]);
        world.AtEnd("one session for one hit", () => stage.Log.Count == 1 + 1);
    }

    /// <summary>A row of <see cref="Matrix"/>: a session that sets a watch, then one hit.</summary>
    public static KgdbStage SetUp(World world, string name)
    {
        (_, bool hasNewAnswer, KgdbForm form, _) = Matrix.Single(row => row.Name == name);
        HandlerForm handler = HandlerForm.KgdbAsPosted with { AnswersDoneIfOwned = !hasNewAnswer };
        KgdbStage stage = new(world, KgdbStageOptions.Of2010(form, handler));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        return stage;
    }
}
