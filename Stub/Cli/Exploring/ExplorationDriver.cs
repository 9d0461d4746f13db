using KgdbSim.Target.Exploration;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Cli.Exploring;

/// <summary>Runs explorations in portions short enough to show progress, to save, and to be interrupted.</summary>
/// <param name="time">Measures.</param>
/// <param name="view">Shows.</param>
/// <param name="interrupted">Whether the user wants it to end.</param>
internal sealed class ExplorationDriver(TimeProvider time, IExplorationView view, Func<bool> interrupted)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(160);

    private readonly TimeProvider _time = time;

    /// <summary>Explores one variant until it is over or the user interrupts.</summary>
    public CaseResult Explore(ScenarioCase which, ExplorationOptions options)
    {
        long started = _time.GetTimestamp();
        ExplorationReport report;
        view.Begin(which);
        try
        {
            ExplorationRun run = new(which.Program, options);
            report = Advance(run, started);
            if (!interrupted())
            {
                report = Explorer.Shrink(which.Program, options, report);
            }
        }
#pragma warning disable CA1031 // A scenario that throws is reported with its token.
        catch (Exception exception) when (exception is not (SimulatorBug or UsageException))
#pragma warning restore CA1031
        {
            report = Failed(which, options, exception);
        }

        CaseResult result = new(
            which, options, report, _time.GetElapsedTime(started).TotalSeconds, interrupted() && !report.IsFinished);
        view.End(result);
        return result;
    }

    private ExplorationReport Advance(ExplorationRun run, long started)
    {
        long portion = 16;
        bool more = !run.IsOver;
        while (more && !interrupted())
        {
            long begun = _time.GetTimestamp();
            more = run.Advance(portion, portion);
            TimeSpan took = _time.GetElapsedTime(begun);
            portion = took < Short ? portion * 2 : took > Long ? Math.Max(1, portion / 2) : portion;
            view.Advance(run.Progress, _time.GetElapsedTime(started));
        }

        return run.Report();
    }

    /// <summary>It could not even be set up: the token is that of a run without a step.</summary>
    private static ExplorationReport Failed(ScenarioCase which, ExplorationOptions options, Exception exception) => new()
    {
        Program = which.Name,
        Options = "",
        Shard = options.Shard,
        Verdict = Verdict.Error,
        Error = $"{which.Name} threw {exception.GetType().Name} outside its tasks: {exception.Message}",
        ErrorToken = new ScheduleToken(which.Name, options.Memory, new Schedule([], [])),
    };
}
