namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Reports on locks held too long, or not at all.</summary>
internal static class SmallReports
{
    /// <summary>print_lock_invalid_wait_context()@6.1, which kept the old form of the title and has fewer empty lines.</summary>
    public static LockdepReport InvalidWaitContext(LockdepOptions options, in ReportedEvent now)
    {
        var text = new ReportWriter(options);
        int context = WaitContext.Of(now.Cpu);
        text.Line()
            .Line(new string('=', 29))
            .Line("[ BUG: Invalid wait context ]")
            .Line($"{options.Version} {options.Taint}")
            .Line(new string('-', 29))
            .Line($"{now.Task.Name} is trying to lock:")
            .Lock(now.Lock)
            .Line("other info that might help us debug this:")
            .Line($"context-{{{context}:{context}}}")
            .HeldLocks(now.Task)
            .AdjoiningBacktrace(now);
        return Report(LockdepReportKind.InvalidWaitContext, now, text);
    }

    /// <summary>print_unlock_inbalance_bug()@2.6.30, print_unlock_imbalance_bug()@6.1.</summary>
    public static LockdepReport UnlockImbalance(LockdepOptions options, in ReportedEvent now)
    {
        var text = new ReportWriter(options);
        text.Banner("bad unlock balance detected!", "BUG")
            .Line($"{now.Task.Name} is trying to release lock ({now.Lock.Class.Key.Name}) at:")
            .Line(ReportWriter.Address(now.Site.Location))
            .Line("but there are no more locks to release!")
            .Line().Line("other info that might help us debug this:")
            .HeldLocks(now.Task)
            .Backtrace(now);
        return Report(LockdepReportKind.UnlockImbalance, now, text);
    }

    /// <summary>print_freed_lock_bug().</summary>
    public static LockdepReport HeldLockFreed(LockdepOptions options, in ReportedEvent now, ulong address, ulong length)
    {
        var text = new ReportWriter(options);
        text.Banner("held lock freed!", "BUG")
            .Line($"{now.Task.Name} is freeing memory {address:x16}-{address + length - 1:x16}, with a lock still held there!")
            .Lock(now.Lock)
            .HeldLocks(now.Task)
            .Backtrace(now);
        return Report(LockdepReportKind.HeldLockFreed, now, text);
    }

    /// <summary>print_held_locks_bug(); only 2.6.30 says a second time what it is.</summary>
    public static LockdepReport HeldAtExit(LockdepOptions options, in ReportedEvent now)
    {
        var text = new ReportWriter(options);
        if (text.IsModern)
        {
            text.Banner($"{now.Task.Name} still has locks held!", width: 36);
        }
        else
        {
            text.Banner("lock held at task exit time!", "BUG").Line($"{now.Task.Name} is exiting with locks still held!");
        }

        text.HeldLocks(now.Task).Backtrace(now);
        return Report(LockdepReportKind.HeldAtExit, now, text);
    }

    /// <summary>lockdep_sys_exit(); without a backtrace.</summary>
    public static LockdepReport HeldInUserSpace(LockdepOptions options, in ReportedEvent now)
    {
        var text = new ReportWriter(options);
        text.Banner("lock held when returning to user space!", "BUG")
            .Line($"{now.Task.Name} is leaving the kernel with locks still held!")
            .HeldLocks(now.Task);
        return Report(LockdepReportKind.HeldInUserSpace, now, text);
    }

    /// <summary>The end of __lock_acquire().</summary>
    public static LockdepReport TooManyHeld(LockdepOptions options, in ReportedEvent now)
    {
        var text = new ReportWriter(options);
        text.Line()
            .Line()
            .Line("BUG: MAX_LOCK_DEPTH too low!")
            .Line("turning off the locking correctness validator.")
            .HeldLocks(now.Task)
            .Backtrace(now);
        return Report(LockdepReportKind.TooManyHeld, now, text);
    }

    private static LockdepReport Report(LockdepReportKind kind, in ReportedEvent now, ReportWriter text) =>
        new(kind, now.Lock.Class.DisplayName, now.Task.Name, text.ToString());
}
