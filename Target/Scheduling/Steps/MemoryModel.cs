namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>In what order CPUs see each other's stores.</summary>
public enum MemoryModel : byte
{
    /// <summary>Every store is visible to all at once.</summary>
    SequentiallyConsistent,

    /// <summary>
    /// x86-TSO (Owens, Sarkar, Sewell 2009): a FIFO store buffer per CPU; a load sees the newest own buffered store, else
    /// memory; LOCKed operations and fences need the buffer empty; a store leaves the buffer in a step of its own.
    /// </summary>
    TotalStoreOrder,
}
