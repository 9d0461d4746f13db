namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Two dependent steps of different processes, next to each other in some equivalent execution, that could have come the other
/// way round.
/// </summary>
internal struct Race
{
    /// <summary>Where the earlier one stands.</summary>
    public int First;

    /// <summary>Where the later one stands; -1 if it is a step somebody was still waiting to take at the end.</summary>
    public int Second;

    /// <summary>Who takes the later one.</summary>
    public int Process;

    /// <summary>The number the later one drew, or -1.</summary>
    public int Alternative;

    /// <summary>
    /// What the later step touches once it comes first, as one number, if it was never taken or that would be something else
    /// than it did; -1: the accesses of <see cref="Second"/>.
    /// </summary>
    public int Footprint;

    /// <summary>
    /// Where <see cref="ExecutionLog"/> keeps the clock the later step has once it comes first, or -1: the clock of
    /// <see cref="Second"/> serves.
    /// </summary>
    public int ClockRow;
}
