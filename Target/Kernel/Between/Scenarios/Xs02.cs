using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Between;

/// <summary>XS-02: kgdb stops a CPU that is patching text, and wants to write text itself.</summary>
internal sealed class Xs02 : Scenario
{
    private const ulong Break = 0xFFFF_FFFF_8100_1000;
    private const ulong Site = 0xFFFF_FFFF_8100_2000;

    public override string Id => "XS-02";

    public override string Subject => "kgdb plants or lifts a breakpoint while a stopped CPU holds text_mutex";

    public override string Cure =>
        "text is written without the mutex or not at all: -EBUSY, and the breakpoint stays as it was";

    public override string Participants => "2 CPUs: session; task inside text_poke";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-left", true, "6.1: an int3 that can't be lifted counts as lifted; z0 then leaves it in text, and the CPU loops on it"),
        new("fixed-left", false, "it stays ACTIVE, and z0 says so"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool isLeft = variant.Name.EndsWith("-left", StringComparison.Ordinal);
        KgdbDefects defects = variant.Name == "bad-left" ? KgdbDefects.ForgetsUnrestoredByte : KgdbDefects.None;
        KgdbStage stage = new(world, new KgdbStageOptions { Kgdb = new KgdbOptions { Defects = defects } });
        stage.Memory.Map(Break, 0xCC);
        StageThread first = stage.Thread(0, new StageInstruction(Break));
        StageThread second = stage.Thread(1, new StageInstruction(Site));
        stage.Memory.TextIsReadOnly = true;
        stage.Memory.PokeWaits = variant.Name == "bad";
        if (isLeft)
        {
            stage.Plant(Site);
        }

        stage.Play(async (c, state, n) =>
        {
            // The one who patches was stopped before it let the mutex go, or after.
            bool isHeld = stage.Memory.TextMutex.Value;
            Errno error = isLeft ? await stage.Kgdb.Software.Remove(c, Site) : await stage.Kgdb.Software.Set(c, Site);
            if (!isLeft && n == 0 && error != (isHeld ? Errno.Busy : Errno.None))
            {
                c.Fail("wrong error", $"Z0 yields {error} with text_mutex {(isHeld ? "held" : "free")}");
            }

            return new KgdbSessionResult(KgdbAction.Continue, isLeft && state.Cpu == 1 ? Site + 1 : null);
        });
        stage.Kernel.Spawn("C0", 0, first.Run);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await stage.Memory.TextMutex.Write(c, true);
            await c.LocalStep();
            await stage.Memory.TextMutex.Write(c, false);
            await second.Run(c);
        });
        world.AtEnd("nobody loops on an int3", () => !second.IsStuck && stage.Kgdb.Core.Active.Value == KgdbCore.Nobody);
    }
}
