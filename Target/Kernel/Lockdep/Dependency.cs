namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>"While a lock of one class was held, one of another was taken" (a pair of struct lock_list).</summary>
internal sealed class Dependency
{
    /// <summary>The class that was held.</summary>
    public LockClass From { get; private set; } = null!;

    /// <summary>The class that was taken.</summary>
    public LockClass To { get; private set; } = null!;

    /// <summary>In which combinations of reading and writing.</summary>
    public DependencyStrength Strength { get; internal set; }

    /// <summary>Whether nothing else was held in between at some time: /proc/lockdep lists only those.</summary>
    public bool IsDirect { get; internal set; }

    /// <summary>Where the second lock was first taken under the first.</summary>
    public CallSite Site { get; private set; } = null!;

    internal void Set(LockClass from, LockClass to, DependencyStrength strength, bool isDirect, CallSite site)
    {
        From = from;
        To = to;
        Strength = strength;
        IsDirect = isDirect;
        Site = site;
    }
}
