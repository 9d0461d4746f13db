namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What lockdep found.</summary>
internal enum LockdepReportKind
{
    /// <summary>A class used in two ways that exclude each other: print_usage_bug().</summary>
    InconsistentState,

    /// <summary>A new usage meets an opposite one somewhere along the dependencies: print_irq_inversion_bug().</summary>
    IrqInversion,

    /// <summary>A new dependency leads from a class used in interrupts to one taken with them enabled: print_bad_irq_dependency().</summary>
    IrqOrder,

    /// <summary>A new dependency closes a circle: print_circular_bug().</summary>
    Circular,

    /// <summary>A task takes a class that it holds: print_deadlock_bug().</summary>
    Recursion,

    /// <summary>A lock that sleeps is taken where nobody may: print_lock_invalid_wait_context()@6.1.</summary>
    InvalidWaitContext,

    /// <summary>A lock that the task doesn't hold is released: print_unlock_inbalance_bug()@2.6.30.</summary>
    UnlockImbalance,

    /// <summary>Memory with a held lock in it is freed: print_freed_lock_bug().</summary>
    HeldLockFreed,

    /// <summary>A task exits with locks: print_held_locks_bug().</summary>
    HeldAtExit,

    /// <summary>A task goes to user space with locks: lockdep_sys_exit().</summary>
    HeldInUserSpace,

    /// <summary>A task holds more locks than lockdep can follow: __lock_acquire().</summary>
    TooManyHeld,
}
