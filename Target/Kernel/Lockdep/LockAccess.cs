namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>How a lock is taken; the numbers are the kernel's (held_lock.read).</summary>
internal enum LockAccess : byte
{
    /// <summary>Excludes everybody.</summary>
    Write = 0,

    /// <summary>Lets readers in; a second reader may have to wait for a writer between them.</summary>
    Read = 1,

    /// <summary>Lets readers in, and a second reader at once whoever waits: read_lock() of an unfair rwlock, RCU.</summary>
    RecursiveRead = 2,
}
