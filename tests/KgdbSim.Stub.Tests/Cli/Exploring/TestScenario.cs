using System.Runtime.CompilerServices;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>A scenario made up for a test.</summary>
internal sealed class TestScenario(string id, Action<World, ScenarioVariant> setUp) : Scenario
{
    public override string Id => id;

    public override string Subject => "an increment gets lost";

    public override string Cure => "LOCK INC";

    public override string Participants => "2 CPUs: task";

    public ScenarioVariant[] Forms { get; init; } = [ScenarioVariant.Bad, ScenarioVariant.Fixed];

    public ScenarioBounds Limits { get; init; } = ScenarioBounds.None;

    public override IReadOnlyList<ScenarioVariant> Variants => Forms;

    public override ScenarioBounds Bounds => Limits;

    public ScenarioCase Bad => new(this, Variants[0]);

    public ScenarioCase Fixed => new(this, Variants[1]);

    /// <summary>Two tasks increment a cell; bad: by reading and writing it.</summary>
    public static TestScenario LostIncrement(string id) => new(id, (world, variant) =>
    {
        SharedCell<int> x = world.Cell("x", 0);
        bool fix = variant.HasFix;
        for (int i = 0; i < 2; i++)
        {
            world.Spawn($"C{i}", fix ? t => IncrementAtOnce(t, x) : t => Increment(t, x));
        }

        world.AtEnd("nothing is lost", () => x.Value == 2);
    });

    /// <summary>One whose property throws after the first write.</summary>
    public static TestScenario Throwing(string id) => new(id, (world, _) =>
    {
        SharedCell<int> x = world.Cell("x", 0);
        world.Spawn("C0", t => Increment(t, x));
        world.Always("throws", () => x.Value == 0 ? true : throw new InvalidTimeZoneException("on purpose"), x);
    });

    /// <summary>One whose set-up throws.</summary>
    public static TestScenario Unusable(string id) =>
        new(id, (_, _) => throw new InvalidTimeZoneException("on purpose"));

    /// <summary>Three tasks with five steps each on their own cells: 15! / 5!^3 interleavings and nothing wrong.</summary>
    public static TestScenario Wide(string id) => new(id, (world, _) =>
    {
        for (int i = 0; i < 3; i++)
        {
            SharedCell<int> own = world.Cell($"x{i}", 0);
            world.Spawn($"C{i}", t => Count(t, own));
        }
    });

    /// <summary>The violation of the bad form of <see cref="LostIncrement"/>, found and repeated.</summary>
    public static Incident LostIncrementIncident()
    {
        ScenarioCase bad = LostIncrement("XS-90").Bad;
        ExplorationReport report = Explorer.Explore(bad.Program, new ExplorationOptions());
        return Incident.Of(new CaseResult(bad, new ExplorationOptions(), report, 0.5, Interrupted: false))[0];
    }

    /// <summary>A run made up of these steps, the last of them fatal.</summary>
    public static Incident Made(params StepRecord[] steps)
    {
        ScenarioCase bad = LostIncrement("XS-90").Bad;
        ScheduleToken token = new(bad.Name, MemoryModel.SequentiallyConsistent, new Schedule([], []));
        Violation violation = new(ViolationKind.Reported, "use after free", "a handler runs <after> its \"unregister\" & free");
        return new Incident(bad, violation, token, steps, steps.Length == 0 ? -1 : steps[^1].Step);
    }

    /// <summary>A step of a context on a CPU.</summary>
    public static StepRecord At(long step, int cpu, string context, string location, string? line) =>
        new(step, $"C{cpu}", "write", location, "1", line) { Cpu = cpu, Context = context };

    protected internal override void SetUp(World world, ScenarioVariant variant) => setUp(world, variant);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Increment(StepContext t, SharedCell<int> x)
    {
        t.Line("v = x;");
        int value = await x.Read(t);
        t.Line("x = v + 1;");
        await x.Write(t, value + 1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask IncrementAtOnce(StepContext t, SharedCell<int> x)
    {
        t.Line("atomic_inc(&x);");
        await x.FetchAdd(t, 1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Count(StepContext t, SharedCell<int> own)
    {
        for (int i = 0; i < 5; i++)
        {
            await own.Write(t, i);
        }
    }
}
