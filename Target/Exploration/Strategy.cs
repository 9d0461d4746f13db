namespace KgdbSim.Target.Exploration;

/// <summary>How an exploration picks its runs.</summary>
public enum Strategy : byte
{
    /// <summary>Every behaviour, once each: optimal dynamic partial-order reduction.</summary>
    Optimal,

    /// <summary>Every interleaving, without reduction.</summary>
    Exhaustive,

    /// <summary>Every interleaving with at most <see cref="ExplorationOptions.PreemptionCountMax"/> preemptions.</summary>
    PreemptionBounded,

    /// <summary>Every interleaving with at most <see cref="ExplorationOptions.DelayCountMax"/> delays.</summary>
    DelayBounded,

    /// <summary>Uniformly random choices.</summary>
    Random,

    /// <summary>Random priorities with <see cref="ExplorationOptions.PctDepth"/> - 1 random changes.</summary>
    Pct,
}
