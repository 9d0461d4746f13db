namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// How a step uses a location. Two steps of different runnables depend on each other exactly if they touch the same
/// location and at least one of them writes it.
/// </summary>
/// <remarks>
/// Lock operations are writes of the lock, a failed attempt is a read of it. Enabling and disabling goes through locations
/// as well: whoever can make a wait come true writes a location that the wait reads.
/// </remarks>
public enum AccessKind : byte
{
    /// <summary>Commutes with other reads.</summary>
    Read,

    /// <summary>Commutes with nothing that touches the same location.</summary>
    Write,
}
