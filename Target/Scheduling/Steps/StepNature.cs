namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>How a step suspends the task that awaits it.</summary>
public enum StepNature : byte
{
    /// <summary>Can always be taken: inline it never suspends.</summary>
    Plain,

    /// <summary>Can be taken once a condition holds: inline it suspends only while it doesn't.</summary>
    Waits,

    /// <summary>Gives way to others: suspends in both modes.</summary>
    Yields,
}
