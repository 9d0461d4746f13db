namespace KgdbSim.Target.Primitives;

/// <summary>Why a runnable may take a step, or why it may not.</summary>
public enum RunnableState : byte
{
    /// <summary>Its next step can be taken now.</summary>
    Ready,

    /// <summary>It waits for somebody else's step: a held lock, an acknowledgement. All others done, this is a deadlock.</summary>
    Waiting,

    /// <summary>It spins on locations nobody has written since it read them. All others done, this is a livelock.</summary>
    Spinning,

    /// <summary>It has nothing to do at present and nobody misses it: an empty store buffer, a halted CPU.</summary>
    Idle,

    /// <summary>It will never take a step again.</summary>
    Finished,
}
