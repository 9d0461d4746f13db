using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-15: the exits of #DB and NMI restore the DR7 saved at entry, over what the session has changed.</summary>
internal sealed class Kg15 : KgdbScenario
{
    public override string Id => "KG-15";

    public override string Subject =>
        "6.1: a watch removed in a session entered by #DB stays armed with nobody behind it, an added one is dead";

    public override string Cure => "the exit writes the CPU's present cpu_dr7";

    public override string Participants => "1 or 2 CPUs: #DB; NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-slave", true, "the master came by int3, the slave by NMI: only the slave's DR7 is stale"),
        new("fixed-slave", false, "the same with the cure"),
        new("fixed-unarmed", false, "6.1 as it is: with nothing armed at entry nothing is written back"),
        new("fixed-same-set", false, "6.1 as it is: gdb's z and Z of the same watch at each stop make the same image"),
        new("bad-storm", true, "an execute breakpoint removed but still armed: #DB without end, since RF is never set"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool cured = variant.Name is "fixed" or "fixed-slave";
        bool isSlave = variant.Name is "bad-slave" or "fixed-slave";
        KgdbStage stage = new(world, KgdbStageOptions.Of(isSlave ? 2 : 1,
            cured ? KgdbDefects.Faithful61 & ~KgdbDefects.StaleDr7OnExit : KgdbDefects.Faithful61));
        if (variant.Name == "bad-storm")
        {
            SetUpStorm(world, stage);
            return;
        }

        stage.Play(async (c, _, n) =>
        {
            if (n == 0 && variant.Name != "fixed-unarmed")
            {
                await Watch(stage, c, Watched);
            }
            else if (n == (variant.Name == "fixed-unarmed" ? 0 : 1))
            {
                await Unwatch(stage, c, Watched);
                await Watch(stage, c, variant.Name == "fixed-same-set" ? Watched : Other);
                if (variant.Name != "fixed-same-set")
                {
                    await stage.Hardware.Set(c, Watched, 4, KgdbBreakpointType.Access);
                }
            }

            return KgdbSessionResult.Continue;
        });
        stage.Memory.Map(Code + 1, (byte)(isSlave ? 0xCC : 0x90));
        StageThread thread = BreakThen(stage, 0, isSlave ? new StageInstruction(Code + 1) : Store(Code + 1, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("DR7 is cpu_dr7 on CPU 0", () => IsConsistent(stage, 0));
        if (isSlave)
        {
            world.AtEnd("DR7 is cpu_dr7 on CPU 1", () => IsConsistent(stage, 1));
        }
    }

    private static void SetUpStorm(World world, KgdbStage stage)
    {
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await stage.Hardware.Set(c, Code + 1, 1, KgdbBreakpointType.Execute);
            }
            else
            {
                await stage.Hardware.Remove(c, Code + 1, 1, KgdbBreakpointType.Execute);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread first = BreakThen(stage, 0, new StageInstruction(Code + 1));
        StageThread again = stage.Thread(0, new StageInstruction(Code + 1));
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await first.Run(c);
            await again.Run(c);
        });
        world.AtEnd("the CPU gets past the instruction", () => !again.IsStuck && again.Executed[0] == 1);
    }
}
