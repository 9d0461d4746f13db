namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>How far a scenario is explored unless somebody asks for more, where its state space forbids all of it.</summary>
/// <param name="ExecutionCountMax">The most executions, or null for no such bound.</param>
/// <param name="PreemptionCountMax">The most preemptions per execution, or null for no such bound.</param>
/// <param name="StepCountMax">The most steps per execution.</param>
public sealed record ScenarioBounds(long? ExecutionCountMax, int? PreemptionCountMax, int StepCountMax)
{
    /// <summary>Everything.</summary>
    public static ScenarioBounds None { get; } = new(null, null, 10_000);
}
