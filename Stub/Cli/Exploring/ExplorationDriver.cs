using KgdbSim.Target.Exploration;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Cli.Exploring;

/// <summary>Runs explorations in portions short enough to show progress, to save, and to be interrupted.</summary>
internal sealed class ExplorationDriver
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(160);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(10);

    /// <summary>Measures.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Shows.</summary>
    public required IExplorationView View { get; init; }

    /// <summary>Where positions are kept; null: nowhere.</summary>
    public CheckpointFile? Checkpoint { get; init; }

    /// <summary>Whether the user wants it to end.</summary>
    public Func<bool> IsInterrupted { get; init; } = () => false;

    /// <summary>Explores one variant until it is over or the user interrupts.</summary>
    public CaseResult Explore(ScenarioCase which, ExplorationOptions options) =>
        View.Watch(which, sink => Explore(which, options, sink));

    private CaseResult Explore(ScenarioCase which, ExplorationOptions options, ProgressSink sink)
    {
        long started = Time.GetTimestamp();
        (ExplorationRun Run, double Seconds)? found = Checkpoint?.Find(which);
        double before = found?.Seconds ?? 0;
        ExplorationReport report;
        bool interrupted = false;
        try
        {
            ExplorationRun run = found?.Run ?? new ExplorationRun(which.Program, options);
            Advance(which, run, before, started, sink);
            interrupted = !run.IsOver;
            report = run.Report();
            report = interrupted ? report : Explorer.Shrink(which.Program, options, report);
        }
#pragma warning disable CA1031 // A scenario that throws is reported with its token.
        catch (Exception exception) when (exception is not (SimulatorBug or UsageException))
#pragma warning restore CA1031
        {
            report = Failed(which, options, exception);
        }

        return new CaseResult(which, options, report, before + Time.GetElapsedTime(started).TotalSeconds, interrupted);
    }

    private void Advance(ScenarioCase which, ExplorationRun run, double before, long started, ProgressSink sink)
    {
        long portion = 16;
        long saved = started;
        bool more = !run.IsOver;
        while (more && !IsInterrupted())
        {
            long begun = Time.GetTimestamp();
            more = run.Advance(portion, portion);
            TimeSpan took = Time.GetElapsedTime(begun);
            portion = took < Short ? portion * 2 : took > Long ? Math.Max(1, portion / 2) : portion;
            sink(run.Progress, TimeSpan.FromSeconds(before) + Time.GetElapsedTime(started));
            if (more && Time.GetElapsedTime(saved) >= SaveInterval)
            {
                Save();
                saved = Time.GetTimestamp();
            }
        }

        Save();

        void Save() => Checkpoint?.Save(which, run, before + Time.GetElapsedTime(started).TotalSeconds);
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
