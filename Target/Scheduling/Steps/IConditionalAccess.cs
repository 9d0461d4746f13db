namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A location that a step writes or only reads depending on what it finds there. An explorer that reverses the step with an
/// earlier write must know which it would have been.
/// </summary>
internal interface IConditionalAccess
{
    /// <summary>How the step being taken would use the location as it is now (or is rewound to).</summary>
    AccessKind KindNow { get; }
}
