using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>One run under a policy.</summary>
internal sealed class PolicyRun(World world, IProgram program, ISchedulePolicy policy, int stepCountMax)
{
    private readonly Scheduler _scheduler = new(world, policy);

    public RunOutcome Run(RunMonitor monitor)
    {
        _scheduler.Begin();
        world.Begin(program);
        SchedulerStop stop = SchedulerStop.None;
        bool stopped = monitor.BeginRun(0);
        while (!stopped)
        {
            stop = _scheduler.StepCount >= stepCountMax ? SchedulerStop.StepLimit : _scheduler.Next();
            if (stop != SchedulerStop.None)
            {
                break;
            }

            stopped = monitor.AfterStep(_scheduler.StepCount);
        }

        RunKind kind = stop switch
        {
            SchedulerStop.StepLimit => RunKind.TooLong,
            SchedulerStop.EndedByPolicy => RunKind.Foreign,
            _ => RunKind.Complete,
        };
        return new RunOutcome(stop, kind, _scheduler.StepCount, _scheduler.StepCount);
    }

    public Schedule RecordedSchedule() => _scheduler.RecordedSchedule();
}
