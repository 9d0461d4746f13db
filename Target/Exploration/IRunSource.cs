using System.Text.Json;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration;

/// <summary>A strategy at work: it makes one run after another until there are no more.</summary>
internal interface IRunSource
{
    /// <summary>Whether it left something out on purpose (a bound), so that coming to the end proves nothing.</summary>
    bool WasCutShort { get; }

    /// <summary>How many subtrees it knows of and has not entered yet; 0 for strategies without a tree.</summary>
    long FrontierCount { get; }

    /// <summary>A guess of what part of the space is done, from 0 to 1; NaN for strategies without an end.</summary>
    double FractionDone { get; }

    /// <summary>Moves on to the next run; false if there is none.</summary>
    bool Begin();

    /// <summary>Makes the run.</summary>
    RunOutcome Run(RunMonitor monitor);

    /// <summary>The choices of the run just made, or being made.</summary>
    Schedule RecordedSchedule();

    /// <summary>Writes the members of a JSON object from which <see cref="Load"/> goes on with the next run.</summary>
    void Save(Utf8JsonWriter writer);

    /// <summary>Takes over a saved position.</summary>
    /// <exception cref="CheckpointException">It isn't one of this strategy, or makes no sense.</exception>
    void Load(JsonElement saved);
}

/// <summary>How a run ended.</summary>
/// <param name="Stop">Why.</param>
/// <param name="Kind">Whether it counts.</param>
/// <param name="NewStepCount">Steps taken beyond what it shares with the run before.</param>
/// <param name="StepCount">Steps taken.</param>
internal readonly record struct RunOutcome(SchedulerStop Stop, RunKind Kind, long NewStepCount, long StepCount);

/// <summary>Whether a run counts as an execution.</summary>
internal enum RunKind : byte
{
    /// <summary>It ran to its end, or into a violation that ended it.</summary>
    Complete,

    /// <summary>It ran into the step bound.</summary>
    TooLong,

    /// <summary>Everything it could still do has been explored before: cut off.</summary>
    Redundant,

    /// <summary>It belongs to another shard: cut off.</summary>
    Foreign,
}
