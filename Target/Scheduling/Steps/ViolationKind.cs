namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What sort of thing went wrong in a run.</summary>
public enum ViolationKind : byte
{
    /// <summary>A state property didn't hold after some step.</summary>
    StateProperty,

    /// <summary>An end property didn't hold when nobody could go on any more.</summary>
    EndProperty,

    /// <summary>Somebody waits and nobody is left to end the wait.</summary>
    Deadlock,

    /// <summary>All that are left spin on locations nobody will write again.</summary>
    Livelock,

    /// <summary>The model reported it: <see cref="StepContext.Fail"/>.</summary>
    Reported,

    /// <summary>A task threw an exception.</summary>
    TaskThrew,
}
