using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-16: 6.1.192's perf drops overflows of events that aren't ACTIVE, which kgdb's never are.</summary>
internal sealed class Kg16 : KgdbScenario
{
    public override string Id => "KG-16";

    public override string Subject =>
        "6.1.192: kgdb's events are installed behind perf's back, their state stays off, and every hit is consumed in silence";

    public override string Cure => "without the state check the callback marks virtual DR6, and the chain goes on to kgdb";

    public override string Participants => "1 CPU: #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, variant.HasFix ? KgdbDefects.Faithful61 : KgdbDefects.Faithful61192));
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
                await stage.Hardware.Set(c, Code + 2, 1, KgdbBreakpointType.Execute);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched), new StageInstruction(Code + 2));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("the debugger sees every hit", () => stage.Log.Count == 1 + 2);
    }
}
