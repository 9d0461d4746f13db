using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-18: a software breakpoint is removed while another CPU has already trapped on it.</summary>
internal sealed class Kg18 : KgdbScenario
{
    public override string Id => "KG-18";

    public override string Subject =>
        "two CPUs execute an int3, the first session removes it: the second CPU reports it and goes on after an "
        + "instruction it never executed";

    public override string Cure => "kgdb_skipexception: the entry is remembered as REMOVED, and ip goes back";

    public override string Participants => "2 CPUs: #BP; #BP, NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-set-again", false, "z0 and Z0 in the session: it is set again, so the other CPU's hit is real and reported"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, new KgdbStageOptions
        {
            Kgdb = new KgdbOptions { Without = variant.HasFix ? KgdbCures.None : KgdbCures.SkipRemoved, Defects = KgdbDefects.Faithful61 },
        });
        bool setsAgain = variant.Name == "fixed-set-again";
        StageThread[] threads = [stage.Thread(0, new StageInstruction(Code)), stage.Thread(1, new StageInstruction(Code))];
        stage.Plant(Code);
        stage.Play(async (c, _, n) =>
        {
            if (setsAgain)
            {
                await stage.Kgdb.Software.Remove(c, Code);
                await stage.Kgdb.Software.Set(c, Code);
                return KgdbSessionResult.Continue;
            }

            if (n == 0)
            {
                // The client knows the breakpoint: it sets rip back. Later it doesn't know it any more.
                await stage.Kgdb.Software.Remove(c, Code);
                return new KgdbSessionResult(KgdbAction.Continue, Code);
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, threads[0].Run);
        stage.Kernel.Spawn("C1", 1, threads[1].Run);
        if (setsAgain)
        {
            world.AtEnd("each CPU's hit is reported", () => stage.Log.CountOn(0) == 1 && stage.Log.CountOn(1) == 1);
            return;
        }

        world.AtEnd("one session", () => stage.Log.Count == 1);
        world.AtEnd("the instruction is executed once on each CPU", () => threads[0].Executed[0] == 1 && threads[1].Executed[0] == 1);
    }
}
