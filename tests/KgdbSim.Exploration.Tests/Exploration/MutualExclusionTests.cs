using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>
/// Peterson's and Dekker's algorithms are right under sequential consistency, wrong on x86 without a fence between raising
/// the own flag and looking at the other's, and right with it (Owens, Sarkar, Sewell 2009, section 1; SDM 3A 8.2.3.4).
/// </summary>
public sealed class MutualExclusionTests
{
    [Theory]
    [InlineData("peterson", false, MemoryModel.SequentiallyConsistent, true)]
    [InlineData("peterson", true, MemoryModel.SequentiallyConsistent, true)]
    [InlineData("peterson", false, MemoryModel.TotalStoreOrder, false)]
    [InlineData("peterson", true, MemoryModel.TotalStoreOrder, true)]
    [InlineData("dekker", false, MemoryModel.SequentiallyConsistent, true)]
    [InlineData("dekker", true, MemoryModel.SequentiallyConsistent, true)]
    [InlineData("dekker", false, MemoryModel.TotalStoreOrder, false)]
    [InlineData("dekker", true, MemoryModel.TotalStoreOrder, true)]
    public void Excludes_exactly_when_it_should(string algorithm, bool fenced, MemoryModel memory, bool excludes)
    {
        IProgram program = algorithm == "peterson" ? new Peterson(fenced) : new Dekker(fenced);
        ExplorationReport report = Explorer.Explore(program, new ExplorationOptions { Memory = memory });
        Assert.Equal(excludes ? Verdict.Exhausted : Verdict.Violated, report.Verdict);
        if (!excludes)
        {
            Assert.Equal("mutual exclusion", Assert.Single(report.Counterexamples).Violation.Property);
        }
    }
}
