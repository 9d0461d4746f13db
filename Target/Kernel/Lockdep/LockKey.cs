namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What makes locks one class: struct lock_class_key and subclass.</summary>
/// <param name="Key">Identifies the class; two keys with one name are two classes, the second printed with "#2".</param>
/// <param name="Subclass">The nesting level of spin_lock_nested(); printed as "/1" unless 0.</param>
internal sealed record LockKey(string Key, int Subclass = 0)
{
    /// <summary>As printed: "hw_breakpoint_lock", "&amp;rq->lock".</summary>
    public string Name { get; init; } = Key;

    /// <summary>What the lock may be taken inside of (6.1 prints it second).</summary>
    public int InnerWait { get; init; } = SpinWait;

    /// <summary>What may be taken inside it (6.1 prints it first).</summary>
    public int OuterWait { get; init; } = SpinWait;

    /// <summary>Where the key lies, for reports that list classes.</summary>
    public ulong Address { get; init; }

    /// <summary>LD_WAIT_SPIN and LD_WAIT_CONFIG@6.1 without raw-lock-nesting checks: spinlocks, raw or not.</summary>
    public static int SpinWait => 2;

    /// <summary>LD_WAIT_SLEEP@6.1 without raw-lock-nesting checks: mutexes, rw semaphores.</summary>
    public static int SleepWait => 3;
}
