namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Something a store buffer can hold stores to.</summary>
internal interface IBufferedTarget
{
    /// <summary>Makes the oldest buffered store of <paramref name="cpu"/> visible to everybody.</summary>
    void CommitOldest(int cpu);
}
