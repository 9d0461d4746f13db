using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>KG-25: sessions for one hit, by the handler's answer and kgdb's callback; kgdb.md section 10.</summary>
public sealed class MatrixTests
{
    public static TheoryData<string, int> Rows()
    {
        TheoryData<string, int> data = [];
        foreach ((string name, _, _, int sessions) in Kg25.Matrix)
        {
            data.Add(name, sessions);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Sessions_per_hit(string row, int expected)
    {
        ExplorationReport report = new Explored(row, world =>
        {
            KgdbStage stage = Kg25.SetUp(world, row);
            world.Outcome(o => o.Add("sessions", stage.Log.Count - 1));
        }).Explore();

        Assert.Equal([$"sessions={expected}"], report.OutcomeSet);
    }
}
