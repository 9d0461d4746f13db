using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration;

/// <summary>What an exploration found, so far or in the end.</summary>
public sealed record ExplorationReport
{
    /// <summary>Which program, and variant.</summary>
    public required string Program { get; init; }

    /// <summary>The options that decide which runs there are, in one line.</summary>
    public required string Options { get; init; }

    /// <summary>Which part.</summary>
    public required Shard Shard { get; init; }

    /// <summary>What it shows.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Whether there was nothing left to run; false for one that was interrupted or met its bound.</summary>
    public bool IsFinished { get; init; }

    /// <summary>What was left out on purpose, for people; empty if nothing.</summary>
    public string Bound { get; init; } = "";

    /// <summary>Complete executions.</summary>
    public long ExecutionCount { get; init; }

    /// <summary>Runs cut off because they could only repeat earlier ones; 0 for an unsharded optimal reduction.</summary>
    public long RedundantCount { get; init; }

    /// <summary>Runs cut off at the step bound.</summary>
    public long TooLongCount { get; init; }

    /// <summary>Steps taken in all runs together, repeated prefixes included.</summary>
    public long StepCount { get; init; }

    /// <summary>The longest run, in steps.</summary>
    public long LongestRun { get; init; }

    /// <summary>The distinct end states of runs that finished, in ordinal order, with how many executions had them.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Outcomes { get; init; } = [];

    /// <summary>Whether there were more outcomes than were kept.</summary>
    public bool OutcomesOverflowed { get; init; }

    /// <summary>One per property that was violated, in the order found.</summary>
    public IReadOnlyList<Counterexample> Counterexamples { get; init; } = [];

    /// <summary>Why the exploration could not go on, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Repeats the run in which <see cref="Error"/> came up; null if there is none.</summary>
    public ScheduleToken? ErrorToken { get; init; }

    /// <summary>The end states alone.</summary>
    public IEnumerable<string> OutcomeSet => Outcomes.Select(outcome => outcome.Key);

    /// <summary>For tests: does nothing if nothing went wrong.</summary>
    /// <exception cref="ExplorationFailedException">Something did; the message says how to repeat it.</exception>
    public void ThrowIfViolated()
    {
        if (Verdict is Verdict.Violated or Verdict.Error)
        {
            throw new ExplorationFailedException(this);
        }
    }

    /// <summary>One line of figures, and what went wrong.</summary>
    public override string ToString()
    {
        string summary = $"{Program}: {Verdict}, {ExecutionCount} executions, {StepCount} steps"
            + (RedundantCount == 0 ? "" : $", {RedundantCount} redundant")
            + (TooLongCount == 0 ? "" : $", {TooLongCount} too long")
            + (Bound.Length == 0 ? "" : $" (at most {Bound})")
            + (Shard.Count == 1 ? "" : $" [shard {Shard}]");
        string[] error = Error is null ? [] : [Error, $"  replay: kgdbsim replay {ErrorToken}"];
        return string.Join('\n', [summary, .. error, .. Counterexamples]);
    }
}
