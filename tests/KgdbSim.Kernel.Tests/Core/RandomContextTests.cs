using KgdbSim.Target.Exploration;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>
/// Random programs of tasks, interrupts and cross calls on few CPUs: with the reduction, exactly those outcomes that trying
/// everything finds.
/// </summary>
public sealed class RandomContextTests
{
    private const int ProgramCount = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_reduction_misses_no_outcome(ulong seed)
    {
        int compared = 0;
        for (ulong i = 0; i < ProgramCount; i++)
        {
            ContextProgram program = new((seed << 32) + i);
            ExplorationReport all = Explorer.Explore(program, new ExplorationOptions { Strategy = Strategy.Exhaustive, ExecutionCountMax = 20_000 });
            if (all.Verdict == Verdict.Bounded)
            {
                continue;
            }

            compared++;
            ExplorationReport reduced = Explorer.Explore(program, new ExplorationOptions());
            Assert.True(all.Verdict == reduced.Verdict && reduced.OutcomeSet.SequenceEqual(all.OutcomeSet),
                $"seed {seed}, program {i}: {program}\nreduced: {reduced}\n  {string.Join("\n  ", reduced.OutcomeSet)}\n"
                + $"all: {all}\n  {string.Join("\n  ", all.OutcomeSet)}");
        }

        Assert.True(compared > ProgramCount / 3, $"only {compared} programs were small enough to try everything");
    }
}
