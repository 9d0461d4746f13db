namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Whether steps suspend the task that takes them.</summary>
public enum ExecutionMode : byte
{
    /// <summary>Ordinary runs: a task runs through; only true waits suspend it.</summary>
    Inline,

    /// <summary>Every step suspends, and the scheduler picks who goes next.</summary>
    Explored,
}
