using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>Properties are checked in every state that some interleaving passes through, with and without reduction.</summary>
public sealed class PropertyTests
{
    /// <summary>x and y are written by different tasks, so without the property both orders are one trace.</summary>
    [Theory]
    [InlineData(false, 1, 0)]
    [InlineData(false, 0, 1)]
    [InlineData(true, 1, 0)]
    [InlineData(true, 0, 1)]
    public void A_state_between_two_independent_writes_is_seen(bool named, int forbiddenX, int forbiddenY)
    {
        SeededBug program = new("between", world =>
        {
            (SharedCell<int> x, SharedCell<int> y) = TwoWriters(world);
            bool Holds() => x.Value != forbiddenX || y.Value != forbiddenY;
            if (named)
            {
                world.Always("never", Holds, x, y);
            }
            else
            {
                world.Always("never", Holds);
            }
        });
        ExplorationReport report = Explorer.Explore(program, new ExplorationOptions());
        Assert.Equal(ViolationKind.StateProperty, Assert.Single(report.Counterexamples).Violation.Kind);
        Assert.Single(report.Counterexamples[0].Token.Schedule.Choices.ToArray());
    }

    [Fact]
    public void A_property_of_one_location_costs_no_traces()
    {
        SeededBug program = new("single", world =>
        {
            (SharedCell<int> x, _) = TwoWriters(world);
            world.Always("small", () => x.Value < 2, x);
        });
        Assert.Equal(1, Explorer.CheckOptimal(program).ExecutionCount);
    }

    [Fact]
    public void Without_stopping_each_broken_property_has_one_counterexample_that_repeats()
    {
        SeededBug program = new("many", world =>
        {
            (SharedCell<int> x, SharedCell<int> y) = TwoWriters(world);
            world.Always("not x alone", () => x.Value == 0 || y.Value == 1, x, y);
            world.Always("not y alone", () => y.Value == 0 || x.Value == 1, x, y);
            world.AtEnd("never ends", () => false);
        });
        ExplorationReport report = Explorer.Explore(program, new ExplorationOptions { StopAtFirstViolation = false });
        Assert.Equal(["never ends", "not x alone", "not y alone"],
            report.Counterexamples.Select(found => found.Violation.Property).Order(StringComparer.Ordinal));
        Assert.Equal(2, report.ExecutionCount);
        foreach (Counterexample found in report.Counterexamples)
        {
            ReplayResult replay = Explorer.Replay(program, found.Token.ToString());
            Assert.Contains(replay.Violations, violation => violation.Property == found.Violation.Property);
        }
    }

    [Fact]
    public void A_property_that_throws_is_an_error_with_a_token()
    {
        SeededBug program = new("throwing", world =>
        {
            (SharedCell<int> x, _) = TwoWriters(world);
            world.Always("throws", () => x.Value == 0 ? true : throw new InvalidTimeZoneException("on purpose"), x);
        });
        ExplorationReport report = Explorer.Explore(program, new ExplorationOptions());
        Assert.Equal(Verdict.Error, report.Verdict);
        Assert.Contains("InvalidTimeZoneException", report.Error, StringComparison.Ordinal);
        Assert.StartsWith("kgs1:bugs/throwing:", $"{report.ErrorToken}", StringComparison.Ordinal);
        Assert.Contains($"replay {report.ErrorToken}", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_keeps_state_across_runs_is_an_error()
    {
        int runs = 0;
        SeededBug program = new("stateful", world =>
        {
            runs++;
            SharedCell<int> x = world.Cell("x", 0);
            world.Spawn("a", async t => await x.Write(t, 1));
            world.Spawn("b", async t =>
            {
                await x.Write(t, 2);
                if (runs % 2 == 0)
                {
                    await x.Write(t, 3);
                }
            });
        });
        foreach (Strategy strategy in new[] { Strategy.Optimal, Strategy.Exhaustive })
        {
            runs = 0;
            ExplorationReport report = Explorer.Explore(program, new ExplorationOptions { Strategy = strategy });
            Assert.True(report.Verdict is Verdict.Error or Verdict.Exhausted);
        }
    }

    [Fact]
    public void A_run_that_never_ends_is_cut_off_and_keeps_the_verdict_from_being_exhausted()
    {
        SeededBug program = new("endless", world =>
        {
            SharedCell<int> x = world.Cell("x", 0);
            world.Spawn("a", async t =>
            {
                while (true)
                {
                    await x.FetchAdd(t, 1);
                }
            });
        });
        ExplorationOptions options = new() { StepCountMax = 50 };
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
        {
            ExplorationReport report =
                Explorer.Explore(program, options with { Strategy = strategy, ExecutionCountMax = 3 });
            Assert.Equal(Verdict.Bounded, report.Verdict);
            Assert.Equal(0, report.ExecutionCount);
            Assert.InRange(report.TooLongCount, 1, 3);
        }
    }

    private static (SharedCell<int> X, SharedCell<int> Y) TwoWriters(World world)
    {
        SharedCell<int> x = world.Cell("x", 0);
        SharedCell<int> y = world.Cell("y", 0);
        world.Spawn("a", async t => await x.Write(t, 1));
        world.Spawn("b", async t => await y.Write(t, 1));
        return (x, y);
    }
}
