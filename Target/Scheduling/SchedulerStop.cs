namespace KgdbSim.Target.Scheduling;

/// <summary>Why a scheduler stopped.</summary>
public enum SchedulerStop : byte
{
    /// <summary>It didn't: a step was taken.</summary>
    None,

    /// <summary>Everyone has finished or is idle.</summary>
    Finished,

    /// <summary>Nobody can take a step, and somebody waits for a lock or a condition.</summary>
    Deadlock,

    /// <summary>Nobody can take a step, and all that are left spin on locations nobody will write.</summary>
    Livelock,

    /// <summary>The step bound was reached.</summary>
    StepLimit,

    /// <summary>The policy ended the run.</summary>
    EndedByPolicy,
}
