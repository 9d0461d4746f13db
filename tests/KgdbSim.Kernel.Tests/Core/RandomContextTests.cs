using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>
/// Random programs of tasks, interrupts and cross calls on few CPUs: with the reduction, exactly those outcomes that trying
/// everything finds.
/// </summary>
public sealed class RandomContextTests
{
    private const int ProgramCount = 40;

    [Theory]
    [InlineData(1, MemoryModel.SequentiallyConsistent)]
    [InlineData(2, MemoryModel.SequentiallyConsistent)]
    [InlineData(4, MemoryModel.SequentiallyConsistent)]
    [InlineData(2, MemoryModel.TotalStoreOrder)]
    [InlineData(4, MemoryModel.TotalStoreOrder)]
    public void The_reduction_misses_no_outcome(ulong seed, MemoryModel memory)
    {
        int compared = 0;
        for (ulong i = 0; i < ProgramCount; i++)
        {
            ContextProgram program = new((seed << 32) + i);
            ExplorationReport all = Explorer.Explore(program,
                new ExplorationOptions { Memory = memory, Strategy = Strategy.Exhaustive, ExecutionCountMax = 10_000 });
            if (all.Verdict == Verdict.Bounded)
            {
                continue;
            }

            compared++;
            ExplorationReport reduced = Explorer.Explore(program, new ExplorationOptions { Memory = memory });
            Assert.True(all.Verdict == reduced.Verdict && reduced.OutcomeSet.SequenceEqual(all.OutcomeSet),
                $"seed {seed}, {memory}, program {i}: {program}\nreduced: {reduced}\n  {string.Join("\n  ", reduced.OutcomeSet)}\n"
                + $"all: {all}\n  {string.Join("\n  ", all.OutcomeSet)}");
        }

        Assert.True(compared > ProgramCount / 5, $"only {compared} programs were small enough to try everything");
    }
}
