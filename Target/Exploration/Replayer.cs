using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Makes one run again, in words.</summary>
internal static class Replayer
{
    public static ReplayResult Replay(IProgram program, ScheduleToken token, ExplorationOptions options)
    {
        if (token.Program != program.Name)
        {
            throw new ReplayException($"The token is of program '{token.Program}', not of '{program.Name}'.");
        }

        ReplayPolicy policy = new(token.Schedule);
        policy.BeginRun(0);
        return Run(program, policy, token.Memory, options, () => policy.Divergence);
    }

    /// <summary>One run under any policy.</summary>
    public static ReplayResult Run(
        IProgram program, ISchedulePolicy policy, MemoryModel memory, ExplorationOptions options, Func<string?> divergence)
    {
        using HostContext host = HostContext.Suspend();
        World world = new(options.WorldOptions with { Memory = memory });
        StepTrace trace = new(world);
        world.Trace = trace;
        Scheduler scheduler = new(world, policy);
        RunMonitor monitor = new(world, stopAtViolation: false);
        scheduler.Begin();
        world.Begin(program);
        monitor.BeginRun(0);
        SchedulerStop stop;
        do
        {
            trace.BeforeStep(scheduler.StepCount);
            stop = scheduler.StepCount >= options.StepCountMax ? SchedulerStop.StepLimit : scheduler.Next();
            if (stop == SchedulerStop.None)
            {
                trace.AfterStep();
            }

            monitor.AfterStep(scheduler.StepCount);
        }
        while (stop == SchedulerStop.None);

        RunEnd.Check(world, monitor, new RunOutcome(stop, RunKind.Complete, scheduler.StepCount, scheduler.StepCount));
        return new ReplayResult(
            [.. monitor.Found.Select(found => found.Violation)],
            trace.Records,
            [.. world.Runnables.Select((IRunnable runnable) => runnable.Name)],
            scheduler.RecordedSchedule(),
            divergence())
        {
            ViolationSteps = [.. monitor.Found.Select(found => found.StepCount)],
            Contents =
            [
                .. world.SharedObjects.Where(location => location.Content is not null)
                    .Select(location => KeyValuePair.Create(location.Name, location.Content!)),
            ],
        };
    }
}
