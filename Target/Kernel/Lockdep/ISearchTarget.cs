namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What a search through the dependency graph looks for.</summary>
internal interface ISearchTarget
{
    /// <summary>Whether the search ends here.</summary>
    /// <param name="candidate">A class reached.</param>
    /// <param name="isWeak">Whether only recursive readers get here.</param>
    /// <param name="isRoot">Whether the search started here.</param>
    bool Matches(LockClass candidate, bool isWeak, bool isRoot);
}

/// <summary>A held lock, to close a circle: hlock_conflict()@6.1.</summary>
internal readonly record struct HeldLockTarget(LockClass Class, LockAccess Access) : ISearchTarget
{
    public bool Matches(LockClass candidate, bool isWeak, bool isRoot) =>
        ReferenceEquals(candidate, Class) && (Access == LockAccess.Write || !isWeak);
}

/// <summary>
/// A class with one of these usages: usage_match()@6.1. Where only recursive readers get to, reading is no obstacle.
/// </summary>
internal readonly record struct UsageTarget(UsageBits Usage, bool IncludesRoot) : ISearchTarget
{
    public bool Matches(LockClass candidate, bool isWeak, bool isRoot) =>
        (IncludesRoot || !isRoot) && (isWeak ? candidate.Usage.Writes : candidate.Usage).Overlaps(Usage);
}

/// <summary>Nothing: the search sees all that can be reached.</summary>
internal readonly record struct NoTarget : ISearchTarget
{
    public bool Matches(LockClass candidate, bool isWeak, bool isRoot) => false;
}
