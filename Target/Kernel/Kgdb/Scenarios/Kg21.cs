using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-21: a CPU never answers the roundup.</summary>
internal sealed class Kg21 : KgdbScenario
{
    public override string Id => "KG-21";

    public override string Subject => "the master waits for a CPU that takes no NMI: the machine is dead";

    public override string Cure =>
        "999 times 1 ms, then \"Timed out waiting for secondary CPUs.\" and the session begins without it";

    public override string Participants => "2 CPUs: session; NMI that doesn't end";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-race", true, "what the timeout costs: the session's view of memory races with the CPU that runs on"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, new KgdbStageOptions());
        bool isRace = variant.Name == "bad-race";
        SharedCell<bool> isOver = world.Cell("the session is over", false);
        SharedCell<bool> isBusy = world.Cell("CPU 1 is in its NMI", false);
        SharedCell<byte> data = stage.Memory.Map(Other, 1);
        stage.Play(async (c, _, _) =>
        {
            int first = await stage.Memory.Read(c, Other);
            if (first != await stage.Memory.Read(c, Other))
            {
                c.Fail("stopped machine", "memory changes under the debugger's eyes");
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await isBusy.WaitUntil(c, static busy => busy);
            await thread.Run(c);
            await isOver.Write(c, true);
        });
        stage.Kernel.AddInterrupt("C1.smi", 1, ContextKind.Nmi, 1, async c =>
        {
            await isBusy.Write(c, true);
            if (isRace)
            {
                await data.Write(c, 2);
            }

            await isOver.WaitUntil(c, static over => over);
        });
        if (variant.Name != "bad")
        {
            world.Spawn("clock", t => Expire(t, stage));
        }
    }

    private static async ValueTask Expire(StepContext t, KgdbStage stage)
    {
        await stage.Kgdb.Core.SlaveLock.WaitUntil(t, static held => held != 0);
        await stage.Kgdb.Core.RoundupTimedOut.Write(t, true);
    }
}
