using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

public sealed class PhilosophersTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Everybody_with_the_left_fork_is_a_deadlock(int count)
    {
        ExplorationReport report = Explorer.Explore(new Philosophers(count, ordered: false), new ExplorationOptions());
        Assert.Equal(Verdict.Violated, report.Verdict);
        Violation violation = Assert.Single(report.Counterexamples).Violation;
        Assert.Equal(ViolationKind.Deadlock, violation.Kind);
        Assert.Contains("philosopher0 waits for fork1 (held by philosopher1)", violation.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void With_ordered_forks_there_is_none(int count) =>
        Assert.Equal(Verdict.Exhausted, Explorer.CheckOptimal(new Philosophers(count, ordered: true)).Verdict);

    /// <remarks>
    /// Two philosophers with two forks: each lock is taken twice, once by each, so a trace says who came first at each fork.
    /// Ordered, both want fork 0 first, so it decides both; unordered, either one first at both, or the deadlock.
    /// </remarks>
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public void Two_philosophers_have_as_many_traces_as_one_counts_by_hand(bool ordered, long traces)
    {
        ExplorationOptions options = new() { StopAtFirstViolation = false, ShrinkRunCountMax = 0 };
        Assert.Equal(traces, Explorer.Explore(new Philosophers(2, ordered), options).ExecutionCount);
    }
}
