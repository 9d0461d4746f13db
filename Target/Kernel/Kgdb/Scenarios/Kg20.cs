using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-20: a software breakpoint in code that the debugger itself executes.</summary>
internal sealed class Kg20 : KgdbScenario
{
    public override string Id => "KG-20";

    public override string Subject => "the debugger runs into a breakpoint in its own I/O driver";

    public override string Cure =>
        "the recursion guard removes it, and executes the instruction; what it doesn't know ends in a panic";

    public override string Participants => "1 CPU: session; #BP";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-unknown", true, "an int3 that isn't in the table: all breakpoints are killed, then panic"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, new KgdbStageOptions
        {
            CpuCount = 1,
            Kgdb = new KgdbOptions
            {
                Without = variant.Name == "bad" ? KgdbCures.ReentryGuard : KgdbCures.None, Defects = KgdbDefects.Faithful61,
            },
        });
        StageThread thread = BreakThen(stage, 0);
        StageThread driver = stage.Driver(new StageInstruction(Code + 0x80));
        if (variant.Name == "bad-unknown")
        {
            stage.Memory.Find(Code + 0x80)!.Commit(0xCC);
        }

        stage.Play(async (c, _, _) =>
        {
            if (variant.Name != "bad-unknown")
            {
                await stage.Kgdb.Software.Set(c, Code + 0x80);
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("the driver's instruction is executed once", () => driver.Executed[0] == 1);
        world.AtEnd("exception_level is 0 again", () => stage.Kgdb.Core.ExceptionLevel.Value == 0);
        world.AtEnd("the breakpoint has been removed",
            () => stage.Kgdb.Software.Entries is [{ State: BreakpointState.Removed }] && stage.Kgdb.Core.Console.Count == 1);
    }
}
