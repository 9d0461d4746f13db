using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>
/// An exploration under way: it can be stopped after any execution, saved, and gone on with in another process.
/// <see cref="Explorer"/> has the one-call forms.
/// </summary>
public sealed class ExplorationRun
{
    private readonly ExplorationOptions _options;
    private readonly World _world;
    private readonly RunMonitor _monitor;
    private readonly OutcomeSet _outcomes;
    private readonly List<Counterexample> _counterexamples = [];
    private Counts _counts;
    private bool _finished;
    private bool _stopped;
    private string? _error;
    private ScheduleToken? _errorToken;

    /// <summary>An exploration that has not begun.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    /// <exception cref="ArgumentException">The program's name has a character it cannot have.</exception>
    public ExplorationRun(IProgram program, ExplorationOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (!ScheduleToken.IsProgramName(program.Name))
        {
            throw new ArgumentException($"'{program.Name}' cannot be a program's name: letters, digits and - _ . / + only.");
        }

        Program = program;
        _options = options;
        _world = new World(options.WorldOptions);
        _monitor = new RunMonitor(_world, options.StopAtFirstViolation);
        _outcomes = new OutcomeSet(options.OutcomeCountMax);
        Source = RunSources.Create(_world, program, options);
    }

    /// <summary>What is explored.</summary>
    public IProgram Program { get; }

    /// <summary>Whether there is nothing left to run, or nothing left to look for.</summary>
    public bool IsOver => _finished || _stopped || _error is not null;

    /// <summary>How far it has come.</summary>
    public ExplorationProgress Progress =>
        new(_counts.Executions, _counts.Steps, Source.FrontierCount, _finished ? 1 : Source.FractionDone);

    internal IRunSource Source { get; }

    /// <summary>Makes runs until <paramref name="executionCount"/> more have been completed or it is over.</summary>
    /// <returns>Whether it can go on.</returns>
    public bool Advance(long executionCount) => Advance(executionCount, long.MaxValue);

    /// <summary>The same, in at most so many runs, those included that are cut off and don't count as executions.</summary>
    /// <returns>Whether it can go on.</returns>
    internal bool Advance(long executionCount, long runCountMax)
    {
        long target = executionCount > long.MaxValue - _counts.Executions
            ? long.MaxValue
            : _counts.Executions + executionCount;
        using HostContext host = HostContext.Suspend();
        try
        {
            while (!IsOver && _counts.Executions < target && runCountMax-- > 0)
            {
                MakeRun();
            }
        }
        catch (ProgramNotDeterministicException exception)
        {
            _errorToken = new ScheduleToken(Program.Name, _options.Memory, Source.RecordedSchedule());
            _error = $"{Program.Name} is not deterministic: {exception.Message}";
        }
#pragma warning disable CA1031 // A program's set-up or property that throws is a report, not a crash of the tool.
        catch (Exception exception) when (exception is not Primitives.SimulatorBug)
#pragma warning restore CA1031
        {
            _errorToken = new ScheduleToken(Program.Name, _options.Memory, Source.RecordedSchedule());
            _error = $"{Program.Name} threw {exception.GetType().Name} outside its tasks: {exception.Message}";
        }

        return !IsOver;
    }

    /// <summary>What was found so far.</summary>
    public ExplorationReport Report() => new()
    {
        Program = Program.Name,
        Options = _options.Identity,
        Shard = _options.Shard,
        Verdict = CurrentVerdict(),
        IsFinished = _finished,
        Bound = _options.BoundText,
        ExecutionCount = _counts.Executions,
        RedundantCount = _counts.Redundant,
        TooLongCount = _counts.TooLong,
        StepCount = _counts.Steps,
        LongestRun = _counts.Longest,
        Outcomes = _outcomes.Sorted,
        OutcomesOverflowed = _outcomes.Overflowed,
        Counterexamples = [.. _counterexamples],
        Error = _error,
        ErrorToken = _errorToken,
    };

    /// <summary>Everything needed to go on elsewhere, as JSON.</summary>
    public byte[] Save() => Checkpoint.Write(this, _options, Report());

    /// <summary>Goes on from what <see cref="Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">
    /// The bytes are damaged, of another version, or of another program or other options than these.
    /// </exception>
    public static ExplorationRun Resume(IProgram program, ExplorationOptions options, ReadOnlySpan<byte> saved)
    {
        ExplorationRun run = new(program, options);
        Checkpoint.Read(run, options, saved);
        return run;
    }

    internal void Restore(ExplorationReport report, bool stopped)
    {
        _counts = new Counts
        {
            Executions = report.ExecutionCount,
            Redundant = report.RedundantCount,
            TooLong = report.TooLongCount,
            Steps = report.StepCount,
            Longest = report.LongestRun,
        };
        _outcomes.Restore(report.Outcomes, report.OutcomesOverflowed);
        _counterexamples.AddRange(report.Counterexamples);
        _finished = report.IsFinished;
        _stopped = stopped;
        _error = report.Error;
        _errorToken = report.ErrorToken;
    }

    internal bool IsStopped => _stopped;

    private void MakeRun()
    {
        if (!_options.IsRandom && _counts.Executions >= _options.EffectiveExecutionCountMax)
        {
            _stopped = true;
            return;
        }

        if (!Source.Begin())
        {
            _finished = true;
            return;
        }

        RunOutcome outcome = Source.Run(_monitor);
        _counts.Steps += outcome.StepCount;
        switch (outcome.Kind)
        {
            case RunKind.Foreign:
                return;
            case RunKind.Redundant:
                _counts.Redundant++;
                break;
            case RunKind.TooLong:
                _counts.TooLong++;
                break;
            default:
                _counts.Executions++;
                RunEnd.Check(_world, _monitor, outcome);
                if (outcome.Stop == SchedulerStop.Finished)
                {
                    _outcomes.Add(_world);
                }

                break;
        }

        _counts.Longest = Math.Max(_counts.Longest, outcome.StepCount);
        KeepCounterexamples();
    }

    private void KeepCounterexamples()
    {
        foreach ((Violation violation, long stepCount) in _monitor.Found)
        {
            if (_counterexamples.Exists(known => known.Violation.Kind == violation.Kind
                && known.Violation.Property == violation.Property))
            {
                continue;
            }

            Schedule schedule = Source.RecordedSchedule().Prefix((int)stepCount);
            ScheduleToken token = new(Program.Name, _options.Memory, schedule);
            _counterexamples.Add(new Counterexample(violation, token, _counts.Executions));
        }

        _stopped |= _options.StopAtFirstViolation && _counterexamples.Count > 0;
    }

    private Verdict CurrentVerdict()
    {
        if (_error is not null || _counterexamples.Exists(found => found.Violation.Kind == ViolationKind.TaskThrew))
        {
            return Verdict.Error;
        }

        if (_counterexamples.Count > 0)
        {
            return Verdict.Violated;
        }

        return _finished && !Source.WasCutShort && _counts.TooLong == 0 ? Verdict.Exhausted : Verdict.Bounded;
    }

    private struct Counts
    {
        public long Executions;
        public long Redundant;
        public long TooLong;
        public long Steps;
        public long Longest;
    }
}
