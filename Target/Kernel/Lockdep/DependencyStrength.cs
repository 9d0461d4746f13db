namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// In which ways the two locks of a dependency were taken; a set of the four of Documentation/locking/lockdep-design.rst@6.1. The first
/// letter: the lock held was taken Shared or Exclusively; the second: the new one Recursively shared or Not.
/// </summary>
[Flags]
internal enum DependencyStrength : byte
{
    None = 0,
    SharedToRecursive = 1,
    ExclusiveToRecursive = 2,
    SharedToNonrecursive = 4,
    ExclusiveToNonrecursive = 8,

    /// <summary>2.6.30 tells no dependency from another.</summary>
    Any = SharedToRecursive | ExclusiveToRecursive | SharedToNonrecursive | ExclusiveToNonrecursive,
}

/// <summary>The strength of what two acquisitions make, and what of it carries on along a path.</summary>
internal static class DependencyStrengths
{
    /// <summary>Of the new lock <paramref name="next"/> under <paramref name="previous"/>: calc_dep()@6.1.</summary>
    public static DependencyStrength Of(LockAccess previous, LockAccess next) =>
        (previous == LockAccess.Write, next == LockAccess.RecursiveRead) switch
        {
            (false, true) => DependencyStrength.SharedToRecursive,
            (true, true) => DependencyStrength.ExclusiveToRecursive,
            (false, false) => DependencyStrength.SharedToNonrecursive,
            (true, false) => DependencyStrength.ExclusiveToNonrecursive,
        };

    /// <summary>
    /// The strength met walking against the arrow: the same with the letters' order and meaning exchanged (calc_depb()@6.1), so
    /// that one rule serves both directions. A reader that holds stops a recursive reader no more than the other way round.
    /// </summary>
    public static DependencyStrength Backward(DependencyStrength forward) =>
        (forward & (DependencyStrength.SharedToRecursive | DependencyStrength.ExclusiveToNonrecursive))
        | ((forward & DependencyStrength.ExclusiveToRecursive) != 0 ? DependencyStrength.SharedToNonrecursive : 0)
        | ((forward & DependencyStrength.SharedToNonrecursive) != 0 ? DependencyStrength.ExclusiveToRecursive : 0);

    /// <summary>What remains of a step after one that only a recursive reader made: (*R) then (S*) is no strong path.</summary>
    public static DependencyStrength After(DependencyStrength step, bool isWeak) =>
        isWeak ? step & (DependencyStrength.ExclusiveToRecursive | DependencyStrength.ExclusiveToNonrecursive) : step;

    /// <summary>Whether only recursive readers make the step.</summary>
    public static bool IsWeak(DependencyStrength step) =>
        (step & (DependencyStrength.SharedToNonrecursive | DependencyStrength.ExclusiveToNonrecursive)) == 0;
}
