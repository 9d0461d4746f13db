using System.CommandLine;
using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class ExploreArgumentsTests
{
    private static readonly ScenarioSelection Selection = new(
    [
        TestScenario.LostIncrement("HB-01"),
        new TestScenario("HB-02", (_, _) => { }) { Limits = new ScenarioBounds(5_000, 3, 700) },
    ]);

    [Theory]
    [InlineData("HB-01", Strategy.Optimal, null, 10_000)]
    [InlineData("HB-02", Strategy.PreemptionBounded, 5_000L, 700)]
    [InlineData("HB-02 --strategy optimal", Strategy.Optimal, 5_000L, 700)]
    [InlineData("HB-01 --strategy optimal --bound 9", Strategy.Optimal, 9L, 10_000)]
    [InlineData("HB-01 --strategy exhaustive --bound 9", Strategy.Exhaustive, 9L, 10_000)]
    [InlineData("HB-01 --strategy random --bound 9", Strategy.Random, 9L, 10_000)]
    [InlineData("HB-01 --strategy random --bound 1000000000000", Strategy.Random, 1_000_000_000_000L, 10_000)]
    [InlineData("HB-01 --strategy pct --executions 9", Strategy.Pct, 9L, 10_000)]
    [InlineData("HB-02 --bound 1 --executions 9 --steps 20", Strategy.PreemptionBounded, 9L, 20)]
    public void Bounds_are_the_scenarios_unless_said(string arguments, Strategy strategy, long? executions, int steps)
    {
        ExplorationOptions options = Parse(arguments);
        _ = new ExplorationRun(Selection.Scenarios("HB-01")[0].Program(ScenarioVariant.Bad), options);
        Assert.Equal((strategy, executions, steps), (options.Strategy, options.ExecutionCountMax, options.StepCountMax));
    }

    [Theory]
    [InlineData("HB-02", 3, 2)]
    [InlineData("HB-02 --bound 1", 1, 1)]
    [InlineData("HB-01 --strategy preemption", 2, 2)]
    [InlineData("HB-01 --strategy preemption --bound 0", 0, 0)]
    [InlineData("HB-01 --strategy delay --bound 5", 5, 5)]
    public void The_unit_of_the_bound_is_the_strategys(string arguments, int preemptions, int delays)
    {
        ExplorationOptions options = Parse(arguments);
        int actual = options.Strategy == Strategy.DelayBounded ? options.DelayCountMax : options.PreemptionCountMax;
        Assert.Equal(options.Strategy == Strategy.DelayBounded ? delays : preemptions, actual);
    }

    [Fact]
    public void The_rest_goes_where_it_belongs()
    {
        ExplorationOptions options = Parse("HB-01 --seed 0x10 --memory-model tso --shard 2/8 --no-shrink");
        Assert.Equal((16ul, MemoryModel.TotalStoreOrder, "2/8", 0),
            (options.Seed, options.Memory, options.Shard.ToString(), options.ShrinkRunCountMax));
    }

    [Theory]
    [InlineData("HB-01 --bound 1 --executions 2", "--bound and --executions are the same")]
    [InlineData("HB-01 --strategy delay --bound 99999999999", "--bound 99999999999")]
    public void Contradictions_are_named(string arguments, string complaint) =>
        Assert.StartsWith(complaint, Assert.Throws<UsageException>(() => Parse(arguments)).Message);

    [Theory]
    [InlineData("--strategy guess", "choose from: optimal, exhaustive, random, pct, preemption, delay")]
    [InlineData("--memory-model arm", "choose from: sc, tso")]
    [InlineData("--bound some", "--bound some: it is a whole number")]
    [InlineData("--bound -1", "-1")]
    [InlineData("--steps 0", "--steps 0: it is a number from 1")]
    [InlineData("--shard 0/8", "--shard 0/8: it is K/N")]
    [InlineData("--shard 9/8", "--shard 9/8: it is K/N")]
    [InlineData("--shard 1", "--shard 1: it is K/N")]
    [InlineData("--frobnicate", "there is no option --frobnicate")]
    public void Nonsense_is_named(string arguments, string complaint) =>
        Assert.Contains(complaint, Assert.Single(Command(out _).Parse(arguments).Errors).Message);

    private static ExplorationOptions Parse(string line)
    {
        Command command = Command(out ExploreArguments arguments);
        ParseResult parsed = command.Parse(line);
        Assert.Empty(parsed.Errors);
        return arguments.Plan(parsed, Selection)[0].Options;
    }

    private static Command Command(out ExploreArguments arguments)
    {
        Command command = new("explore");
        arguments = new ExploreArguments();
        arguments.AddTo(command);
        return command;
    }
}
