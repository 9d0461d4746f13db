namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What makes locks one class: struct lock_class_key and subclass.</summary>
/// <param name="Key">Identifies the class; two keys with one name are two classes, the second printed with "#2".</param>
/// <param name="Subclass">The nesting level of spin_lock_nested(); printed as "/1" unless 0.</param>
internal sealed record LockKey(string Key, int Subclass = 0)
{
    /// <summary>As printed: "hw_breakpoint_lock", "&amp;rq->lock".</summary>
    public string Name { get; init; } = Key;

    /// <summary>How far waiting may go while it is held (wait_type_inner@6.1, printed second).</summary>
    public int InnerWait { get; init; } = SpinWait;

    /// <summary>How far waiting for it may go (wait_type_outer@6.1, printed first).</summary>
    public int OuterWait { get; init; } = SpinWait;

    /// <summary>Where the key lies, for reports that list classes.</summary>
    public ulong Address { get; init; }

    /// <summary>LD_WAIT_SPIN and LD_WAIT_CONFIG@6.1 without raw-lock-nesting checks: spinlocks, raw or not.</summary>
    public static int SpinWait => 2;

    /// <summary>LD_WAIT_SLEEP@6.1 without raw-lock-nesting checks: mutexes, rw semaphores.</summary>
    public static int SleepWait => 3;
}
