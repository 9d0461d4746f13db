namespace KgdbSim.Stub.Embedding;

/// <summary>What a debugger's threads are.</summary>
public enum GdbThreads
{
    /// <summary>The processors.</summary>
    Cpus,

    /// <summary>
    /// The tasks of the modelled kernel, by their process ids; and as in Linux's kgdb a shadow thread for each processor, whose number is
    /// -(processor + 2) in 32 bits.
    /// </summary>
    Tasks,
}
