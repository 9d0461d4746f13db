using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class ExplorationDriverTests : IDisposable
{
    /// <summary>15! / 5!^3.</summary>
    private const long WideCount = 756_756;

    private static readonly ExplorationOptions Exhaustive = new() { Strategy = Strategy.Exhaustive };

    private readonly string _folder = Directory.CreateTempSubdirectory("kgdbsim-driver").FullName;
    private readonly StringWriter _output = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bad_is_violated_and_fixed_is_exhausted()
    {
        TestScenario scenario = TestScenario.LostIncrement("XS-90");
        CaseResult bad = Driver(() => false, null).Explore(scenario.Bad, new ExplorationOptions());
        CaseResult good = Driver(() => false, null).Explore(scenario.Fixed, new ExplorationOptions());
        Assert.Equal(("violated", true, "exhausted", true), (bad.Verdict, bad.IsExpected, good.Verdict, good.IsExpected));
        Assert.Equal((2L, ""), (good.Report.ExecutionCount, good.Bound));
        Assert.Matches(@"^XS-90/bad +violated .*\nXS-90/fixed +exhausted +2 executions +4 steps .* s\n$", _output.ToString());
    }

    [Fact]
    public void A_scenario_that_throws_is_an_error_with_a_token_that_repeats_it()
    {
        CaseResult result = Driver(() => false, null).Explore(TestScenario.Throwing("XS-91").Bad, new ExplorationOptions());
        Assert.Equal(("error", false), (result.Verdict, result.IsExpected));
        Incident incident = Assert.Single(Incident.Of(result));
        Assert.Contains("InvalidTimeZoneException", incident.Violation!.Message);
        Incident again = Incident.Replay(result.Case, incident.Token, new ExplorationOptions(), null);
        Assert.True(again.IsError);
        Assert.Contains("on purpose", again.Violation!.Message);
    }

    [Theory]
    [InlineData(Strategy.Optimal)]
    [InlineData(Strategy.Pct)]
    public void A_scenario_that_cannot_be_set_up_is_an_error_with_a_token(Strategy strategy)
    {
        CaseResult result = Driver(() => false, null)
            .Explore(TestScenario.Unusable("XS-92").Bad, new ExplorationOptions { Strategy = strategy });
        Assert.Equal("error", result.Verdict);
        Assert.Contains("on purpose", result.Report.Error);
        Assert.StartsWith("kgs1:XS-92/bad:", $"{Assert.Single(Incident.Of(result)).Token}");
    }

    [Fact]
    public void An_interrupted_one_says_so_and_goes_on_from_its_checkpoint()
    {
        ScenarioCase wide = TestScenario.Wide("XS-93").Fixed;
        string path = Path.Combine(_folder, "checkpoint");
        (ScenarioCase, ExplorationOptions)[] plan = [(wide, Exhaustive)];
        int questions = 0;
        CaseResult first = Driver(() => ++questions > 5, CheckpointFile.Open(path, plan)).Explore(wide, Exhaustive);
        Assert.Equal(("bounded", "interrupted", true), (first.Verdict, first.Bound, first.Interrupted));
        Assert.InRange(first.Report.ExecutionCount, 1, WideCount - 1);

        CaseResult second = Driver(() => false, CheckpointFile.Open(path, plan)).Explore(wide, Exhaustive);
        Assert.Equal(("exhausted", WideCount), (second.Verdict, second.Report.ExecutionCount));
        Assert.True(second.Seconds >= first.Seconds, "the time of the first part counts");

        CaseResult third = Driver(() => false, CheckpointFile.Open(path, plan)).Explore(wide, Exhaustive);
        Assert.Equal(("exhausted", WideCount), (third.Verdict, third.Report.ExecutionCount));
    }

    private ExplorationDriver Driver(Func<bool> interrupted, CheckpointFile? checkpoint) => new()
    {
        View = new PlainView(_output, TextWriter.Null),
        IsInterrupted = interrupted,
        Checkpoint = checkpoint,
    };
}
