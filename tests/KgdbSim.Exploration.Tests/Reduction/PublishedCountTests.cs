using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Exploration.Tests.Reduction;

/// <summary>
/// Numbers of executions as published for optimal-DPOR: Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order
/// reduction", POPL 2014, table 1.
/// </summary>
public sealed class PublishedCountTests
{
    [Theory]
    [InlineData(2, 4)]
    [InlineData(8, 256)]
    [InlineData(13, 8192)]
    public void Readers(int count, long executions) => AssertCount(new ReadersProgram(count), executions);

    [Theory]
    [InlineData(5, 64)]
    [InlineData(10, 3328)]
    [InlineData(15, 147456)]
    public void Last_zero(int count, long executions) => AssertCount(new LastZeroProgram(count), executions);

    private static void AssertCount(Target.Scheduling.Steps.IProgram program, long executions)
    {
        ExplorationReport report = Explorer.CheckOptimal(program);
        Assert.Equal(Verdict.Exhausted, report.Verdict);
        Assert.Equal(executions, report.ExecutionCount);
        Assert.Equal(0, report.RedundantCount);
    }
}
