namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// When a waiting step may be taken. It must be a function of the locations the wait names (and of what the context itself did
/// before): an explorer also asks it about the past, with those locations rewound.
/// </summary>
public interface IWaitCondition
{
    /// <summary>Whether <paramref name="context"/> could take its pending step now.</summary>
    bool Holds(StepContext context);
}
