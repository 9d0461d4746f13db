namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Records how classes are used and checks each first time: mark_lock(), mark_lock_irq()@2.6.30 and 6.1.</summary>
internal sealed class UsageMarker(LockdepState state)
{
    private readonly bool _isModern = state.Options.Format == LockdepFormat.Linux61;

    /// <summary>All that an acquisition says of its class: mark_irqflags()@2.6.30, mark_usage()@6.1. False after a report.</summary>
    public bool MarkAcquired(HeldLocks task, HeldLock held, in CpuContext cpu, CallSite site)
    {
        bool isRead = held.Access != LockAccess.Write;
        if (!held.IsTrylock
            && !((!cpu.InHardirq || Mark(LockUsage.UsedInHardirq, task, held, cpu, site))
                && (!cpu.InSoftirq || Mark(LockUsage.UsedInSoftirq, task, held, cpu, site))))
        {
            return false;
        }

        if (cpu.HardirqsEnabled
            && !(Mark(LockUsage.EnabledHardirq, task, held, cpu, site)
                && (!cpu.SoftirqsEnabled || Mark(LockUsage.EnabledSoftirq, task, held, cpu, site))))
        {
            return false;
        }

        if (!_isModern && !held.IsTrylock && task.IsReclaiming && !Mark(LockUsage.UsedInReclaimFs, task, held, cpu, site))
        {
            return false;
        }

        LockUsage used = _isModern && isRead ? LockUsage.UsedRead : LockUsage.Used;
        if (!held.Class.Usage.Has(used))
        {
            held.Class.Mark(used, site);
        }

        return true;
    }

    /// <summary>That all of a task's locks are held with an interrupt enabled: mark_held_locks(). False after a report.</summary>
    public bool MarkHeld(HeldLocks task, LockUsage usage, in CpuContext cpu, CallSite site)
    {
        for (int i = 0; i < task.Count; i++)
        {
            if (!Mark(usage, task, task[i], cpu, site))
            {
                return false;
            }
        }

        return true;
    }

    private bool Mark(LockUsage write, HeldLocks task, HeldLock held, in CpuContext cpu, CallSite site)
    {
        LockUsage usage = held.Access == LockAccess.Write ? write : UsageBits.Read(write);
        if (held.Class.Usage.Has(usage))
        {
            return true;
        }

        // Reports show the class with the new bit.
        held.Class.Mark(usage, site);
        return Check(usage, new ReportedEvent(task, held, cpu, site));
    }

    // Each first use meets at most one pair of opposites, so the order of the checks decides only which of several reports comes first.
    private bool Check(LockUsage usage, in ReportedEvent now)
    {
        LockUsage opposite = UsageBits.Exclusive(usage);
        bool isRead = UsageBits.IsRead(usage);
        if (!IsConsistent(usage, opposite, now))
        {
            return false;
        }

        if (_isModern)
        {
            UsageBits both = UsageBits.Of(opposite) | UsageBits.Of(UsageBits.Read(opposite));
            return (isRead || IsConsistent(usage, UsageBits.Read(opposite), now)) && CheckDependencies(usage, both, now);
        }

        return CheckDependencies(usage, UsageBits.Of(opposite), now)
            && (isRead
                || (IsConsistent(usage, UsageBits.Read(opposite), now)
                    && CheckDependencies(usage, UsageBits.Of(UsageBits.Read(opposite)), now)));
    }

    private bool IsConsistent(LockUsage usage, LockUsage opposite, in ReportedEvent now)
    {
        if (!now.Lock.Class.Usage.Has(opposite))
        {
            return true;
        }

        state.Raise(UsageReports.InconsistentState(state.Options, now, opposite, usage));
        return false;
    }

    /// <summary>
    /// "In interrupt" looks forward, for a lock taken under this one that an interrupt may find held; "enabled" looks back, for a
    /// lock that an interrupt takes over this one: check_usage_forwards(), check_usage_backwards().
    /// </summary>
    private bool CheckDependencies(LockUsage usage, UsageBits opposites, in ReportedEvent now)
    {
        bool isForward = !UsageBits.IsEnabled(usage);
        bool isWeak = _isModern && IsWeakRoot(now.Lock.Access, isForward);
        DependencyPath? path = state.Graph.Search(now.Lock.Class, isWeak, isForward, new UsageTarget(opposites, IncludesRoot: false));
        if (path is null)
        {
            return true;
        }

        UsageBits met = path.End.Usage & opposites;
        LockUsage opposite = UsageBits.Exclusive(usage);
        LockUsage found = met.Has(opposite) ? opposite : UsageBits.Read(opposite);
        state.Raise(OrderReports.IrqInversion(state.Options, now, path, isForward, found, usage));
        return false;
    }

    // bfs_init_root(), bfs_init_rootb()@6.1.
    internal static bool IsWeakRoot(LockAccess access, bool isForward) =>
        isForward ? access == LockAccess.RecursiveRead : access != LockAccess.Write;
}
