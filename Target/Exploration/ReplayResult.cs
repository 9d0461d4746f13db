using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>A recorded run, seen again.</summary>
/// <param name="Violations">What went wrong, in the order it happened.</param>
/// <param name="Steps">What each step did.</param>
/// <param name="Actors">Who took part, in order of creation: the columns of a table of steps.</param>
/// <param name="Schedule">The run.</param>
/// <param name="Divergence">In what way the program could not follow the record, or null.</param>
public sealed record ReplayResult(
    IReadOnlyList<Violation> Violations,
    IReadOnlyList<StepRecord> Steps,
    IReadOnlyList<string> Actors,
    Schedule Schedule,
    string? Divergence)
{
    /// <summary>For each of <see cref="Violations"/>, how many steps had been taken when it was noticed.</summary>
    public IReadOnlyList<long> ViolationSteps { get; init; } = [];

    /// <summary>What cells and locks hold at the end of the run, in order of making.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Contents { get; init; } = [];
}
