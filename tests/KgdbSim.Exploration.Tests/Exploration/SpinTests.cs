using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>Spin loops don't make exploration infinite, and a spin nobody can end is a livelock.</summary>
public sealed class SpinTests
{
    /// <remarks>
    /// One writer sets the flag once. With the hint the spinner either sees 1 at once, or reads 0 before the write and waits
    /// for it: two traces.
    /// </remarks>
    [Fact]
    public void A_hinted_spin_turns_once_per_write()
    {
        ExplorationReport report = Explorer.CheckOptimal(Spin(async (t, flag) =>
        {
            while (await flag.Read(t) == 0)
            {
                await t.Relax();
            }
        }));
        Assert.Equal((2, Verdict.Exhausted), (report.ExecutionCount, report.Verdict));
    }

    /// <remarks>Without the hint it may turn as often as the limit allows before it counts as spinning.</remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void An_unhinted_spin_turns_as_often_as_the_limit(int limit)
    {
        SeededBug program = Spin(async (t, flag) =>
        {
            while (await flag.Read(t) == 0)
            {
            }
        });
        ExplorationReport report = Explorer.Check(program, new ExplorationOptions { SpinReadLimit = limit });
        Assert.Equal(limit + 2, report.ExecutionCount);
        Assert.Equal(Verdict.Exhausted, report.Verdict);
    }

    [Fact]
    public void A_busy_wait_as_one_step_has_one_trace() => Assert.Equal(1, Explorer.CheckOptimal(
        Spin(async (t, flag) => await flag.WaitUntil(t, value => value == 1))).ExecutionCount);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_spin_nobody_can_end_is_a_livelock(bool hinted)
    {
        SeededBug program = new("livelock", world =>
        {
            SharedCell<int> flag = world.Cell("flag", 0);
            world.Spawn("spinner", async t =>
            {
                while (await flag.Read(t) != 2)
                {
                    if (hinted)
                    {
                        await t.Relax();
                    }
                }
            });
            world.Spawn("writer", async t => await flag.Write(t, 1));
        });
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
        {
            ExplorationReport report = Explorer.Explore(program, new ExplorationOptions { Strategy = strategy });
            Violation violation = Assert.Single(report.Counterexamples).Violation;
            Assert.Equal(ViolationKind.Livelock, violation.Kind);
            Assert.Equal("nobody can go on: spinner spins on flag", violation.Message);
        }
    }

    [Fact]
    public void Reading_a_location_twice_is_no_spin()
    {
        SeededBug program = new("twice", world =>
        {
            SharedCell<int> x = world.Cell("x", 0);
            world.Spawn("reader", async t =>
            {
                int first = await x.Read(t);
                if (await x.Read(t) != first)
                {
                    t.Fail("changed", "the second read differs");
                }
            });
            world.Spawn("writer", async t => await x.Write(t, 1));
        });
        Assert.Equal("changed", Assert.Single(Explorer.Explore(program, new ExplorationOptions()).Counterexamples)
            .Violation.Property);
    }

    private static SeededBug Spin(Func<StepContext, SharedCell<int>, ValueTask> spin) => new("spin", world =>
    {
        SharedCell<int> flag = world.Cell("flag", 0);
        world.Spawn("spinner", t => spin(t, flag));
        world.Spawn("writer", async t => await flag.Write(t, 1));
    });
}
