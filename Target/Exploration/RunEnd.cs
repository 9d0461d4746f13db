using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>What happens at the end of a run, the same for every strategy and for replays.</summary>
internal static class RunEnd
{
    /// <summary>Adds what can only be seen when nobody can go on: a deadlock, a livelock, a broken end property.</summary>
    public static void Check(World world, RunMonitor monitor, in RunOutcome outcome)
    {
        if (StuckReport.Of(outcome.Stop, world) is { } stuck)
        {
            monitor.Add(stuck, outcome.StepCount);
        }
        else if (outcome.Stop == SchedulerStop.Finished && world.Properties.FirstBrokenEnd() is { } property)
        {
            monitor.Add(new Violation(ViolationKind.EndProperty, property, $"'{property}' does not hold at the end"),
                outcome.StepCount);
        }
    }
}
