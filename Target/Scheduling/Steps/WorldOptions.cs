namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What holds for one run from beginning to end.</summary>
public sealed record WorldOptions
{
    /// <summary>Inline for ordinary runs, explored under an explorer.</summary>
    public ExecutionMode Mode { get; init; } = ExecutionMode.Explored;

    /// <summary>Sequential consistency by default; store buffers exist in explored mode only.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.SequentiallyConsistent;

    /// <summary>
    /// After how many successive reads of unchanged locations, with no other step between them, a task counts as spinning even
    /// without <see cref="StepContext.Relax"/> in its loop; in reads. 0: never, only <c>Relax</c> marks a spin loop.
    /// </summary>
    public int SpinReadLimit { get; init; } = 20;
}
