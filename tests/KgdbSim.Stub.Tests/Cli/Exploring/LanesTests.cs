using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class LanesTests
{
    [Fact]
    public void A_lane_is_a_cpu_and_who_is_on_none_comes_last()
    {
        StepRecord[] steps =
        [
            new(-1, "set-up", "write", "x", "0", null),
            new(0, "timer", "step", "", "", null),
            TestScenario.At(1, 2, "writer", "x", null),
            TestScenario.At(2, 0, "C0", "x", null),
            TestScenario.At(3, 0, "C0.hardirq", "x", null),
            TestScenario.At(4, 1, "C1", "x", null),
        ];
        Lanes lanes = new(steps);
        Assert.Equal(["CPU 0", "CPU 1", "CPU 2: writer", "timer"], lanes.All.Select(lane => lane.Title));
        Assert.Equal([true, false, false, false], lanes.All.Select(lane => lane.IsShared));
        Assert.Equal([3, 2, 0, 0, 1], steps.Skip(1).Select(lanes.IndexOf));
    }
}
