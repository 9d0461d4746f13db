namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// Checks and records the dependencies that an acquisition makes: validate_chain(), check_prevs_add(), check_prev_add(). The
/// kernel skips chains of locks it has seen; here a dependency that is known in the same strength is skipped, which is the same
/// because each new usage bit searches the graph itself.
/// </summary>
internal sealed class ChainValidator(LockdepState state)
{
    private readonly bool _isModern = state.Options.Format == LockdepFormat.Linux61;

    /// <summary>Of the lock that will stand above those held. False after a report.</summary>
    public bool Validate(HeldLocks task, HeldLock next, in CpuContext cpu, CallSite site)
    {
        if (next.IsTrylock || task.Count == 0)
        {
            return true;
        }

        var now = new ReportedEvent(task, next, cpu, site);
        bool isReentry = false;
        for (int i = 0; i < task.Count; i++)
        {
            HeldLock held = task[i];
            if (ReferenceEquals(held.Class, next.Class))
            {
                if (next.Access != LockAccess.RecursiveRead || held.Access == LockAccess.Write)
                {
                    state.Raise(OrderReports.Recursion(state.Options, now, held));
                    return false;
                }

                isReentry = true;
            }
        }

        // A second reader of the same class adds nothing to what the first did@2.6.30.
        return (isReentry && !_isModern) || AddDependencies(now);
    }

    /// <summary>On the locks below within this context, down to the first that was waited for: it is connected to the rest.</summary>
    private bool AddDependencies(in ReportedEvent now)
    {
        for (int i = now.Task.Count - 1; i >= 0; i--)
        {
            HeldLock previous = now.Task[i];
            if (previous.ChainContext != now.Lock.ChainContext)
            {
                break;
            }

            if (!_isModern && previous.Access == LockAccess.RecursiveRead)
            {
                continue;
            }

            if (!ReferenceEquals(previous.Class, now.Lock.Class) && !Add(previous, now, isDirect: i == now.Task.Count - 1))
            {
                return false;
            }

            if (!previous.IsTrylock)
            {
                break;
            }
        }

        return true;
    }

    private bool Add(HeldLock previous, in ReportedEvent now, bool isDirect)
    {
        DependencyStrength strength = _isModern
            ? DependencyStrengths.Of(previous.Access, now.Lock.Access)
            : DependencyStrength.Any;
        Dependency? known = DependencyGraph.Find(previous.Class, now.Lock.Class);
        if (known is not null && (known.Strength & strength) == strength)
        {
            known.IsDirect |= isDirect;
            return true;
        }

        if (!CheckCircle(previous, now) || !CheckIrqOrder(previous, now))
        {
            return false;
        }

        if (known is not null)
        {
            known.Strength |= strength;
            known.IsDirect |= isDirect;
        }
        else if (_isModern || now.Lock.Access != LockAccess.RecursiveRead)
        {
            state.Graph.Add(previous.Class, now.Lock.Class, strength, isDirect, now.Site);
        }

        return true;
    }

    private bool CheckCircle(HeldLock previous, in ReportedEvent now)
    {
        bool isWeak = _isModern && UsageMarker.IsWeakRoot(now.Lock.Access, isForward: true);
        var target = new HeldLockTarget(previous.Class, previous.Access);
        DependencyPath? path = state.Graph.Search(now.Lock.Class, isWeak, isForward: true, target);
        if (path is null)
        {
            return true;
        }

        state.Raise(OrderReports.Circular(state.Options, now, previous, path));
        return false;
    }

    /// <summary>No class that interrupts take may come to depend on one that is held with them enabled: check_irq_usage().</summary>
    private bool CheckIrqOrder(HeldLock previous, in ReportedEvent now)
    {
        bool isBackWeak = _isModern && UsageMarker.IsWeakRoot(previous.Access, isForward: false);
        bool isForwardWeak = _isModern && UsageMarker.IsWeakRoot(now.Lock.Access, isForward: true);
        UsageBits inInterrupts = state.Graph.CollectUsage(previous.Class, isBackWeak, isForward: false) & UsageBits.UsedInAny;
        for (int i = 0; i < UsageBits.IrqUsageCount && !inInterrupts.IsEmpty; i++)
        {
            var usedIn = (LockUsage)i;
            if (!inInterrupts.Has(usedIn))
            {
                continue;
            }

            // 2.6.30 looks for writers only beyond the new lock; 6.1 for readers as well, unless none but readers get there.
            LockUsage enabled = UsageBits.Exclusive(usedIn);
            UsageBits opposites = _isModern
                ? UsageBits.Of(enabled) | UsageBits.Of(UsageBits.Read(enabled))
                : UsageBits.Of(enabled);
            var unsafeTarget = new UsageTarget(opposites, IncludesRoot: true);
            if (state.Graph.Search(now.Lock.Class, isForwardWeak, isForward: true, unsafeTarget) is not { } forward)
            {
                continue;
            }

            var safe = new UsageTarget(UsageBits.Of(usedIn), IncludesRoot: true);
            DependencyPath back = state.Graph.Search(previous.Class, isBackWeak, isForward: false, safe)!;
            LockUsage unsafeUsage = forward.End.Usage.Has(enabled) ? enabled : UsageBits.Read(enabled);
            state.Raise(OrderReports.IrqOrder(state.Options, now, previous, back, forward, usedIn, unsafeUsage));
            return false;
        }

        return true;
    }
}
