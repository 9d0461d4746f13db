namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// Lockdep of one modelled kernel. It is told what locks are taken and when interrupts are switched, keeps the classes, their
/// dependencies and what each task holds, and makes at most one <see cref="Report"/>, after which it is off, as in the kernel
/// (debug_locks_off()). Everything is recycled by <see cref="Reset"/>: repeated runs allocate nothing unless they find something.
/// </summary>
internal sealed class LockdepState
{
    private readonly Dictionary<LockKey, LockClass> _known = [];
    private readonly List<LockClass> _classes = [];
    private readonly List<HeldLocks> _tasks = [];
    private readonly UsageMarker _usage;
    private readonly ChainValidator _chains;

    public LockdepState(LockdepOptions options)
    {
        Options = options;
        _usage = new UsageMarker(this);
        _chains = new ChainValidator(this);
    }

    public LockdepOptions Options { get; }

    /// <summary>What was found, or null.</summary>
    public LockdepReport? Report { get; private set; }

    /// <summary>Whether nothing was found yet: debug_locks.</summary>
    public bool IsActive => Report is null;

    /// <summary>The classes of which a lock was taken, in the order of their first acquisitions.</summary>
    public IReadOnlyList<LockClass> Classes => _classes;

    /// <summary>How many of <see cref="Tasks"/> belong to this run.</summary>
    public int TaskCount { get; private set; }

    internal DependencyGraph Graph { get; } = new();

    /// <summary>The tasks in the order in which they were added.</summary>
    public IEnumerable<HeldLocks> Tasks => _tasks.Take(TaskCount);

    /// <summary>Forgets all that happened, and the tasks. Classes stay valid.</summary>
    public void Reset()
    {
        foreach (LockClass lockClass in _classes)
        {
            lockClass.Reset();
        }

        _classes.Clear();
        Graph.Reset();
        TaskCount = 0;
        Report = null;
    }

    /// <summary>The class of a key; locks of equal keys share it.</summary>
    public LockClass Class(LockKey key)
    {
        if (!_known.TryGetValue(key, out LockClass? found))
        {
            found = new LockClass(key);
            _known.Add(key, found);
        }

        return found;
    }

    /// <summary>A new task, without locks.</summary>
    public HeldLocks AddTask(string comm, int pid)
    {
        if (TaskCount == _tasks.Count)
        {
            _tasks.Add(new HeldLocks());
        }

        HeldLocks task = _tasks[TaskCount++];
        task.Assign(comm, pid);
        return task;
    }

    /// <summary>
    /// A task is about to take a lock: call it before waiting for it. A trylock is reported once it succeeded. (lock_acquire())
    /// </summary>
    public void Acquire(HeldLocks task, in LockRequest request, in CpuContext cpu, CallSite site)
    {
        if (!IsActive)
        {
            return;
        }

        if (cpu.InNmi)
        {
            AcquireInNmi(task, request, cpu, site);
            return;
        }

        if (!request.Class.IsRegistered)
        {
            Register(request.Class);
        }

        request.Class.AcquireCount++;
        HeldLock held = task.Next(request, cpu.ChainContext, site);
        if (Options.Format == LockdepFormat.Linux61 && !WaitContext.Permits(task, held, cpu))
        {
            Raise(SmallReports.InvalidWaitContext(Options, new ReportedEvent(task, held, cpu, site)));
            return;
        }

        if (_usage.MarkAcquired(task, held, cpu, site) && _chains.Validate(task, held, cpu, site))
        {
            task.Push();
            if (task.Count == HeldLocks.CountMax)
            {
                Raise(SmallReports.TooManyHeld(Options, new ReportedEvent(task, held, cpu, site)));
            }
        }
    }

    /// <summary>A task lets a lock go. (lock_release())</summary>
    public void Release(HeldLocks task, LockClass lockClass, ulong address, in CpuContext cpu, CallSite site)
    {
        if (!IsActive || cpu.InNmi)
        {
            return;
        }

        int index = task.Find(lockClass, address);
        if (index < 0)
        {
            HeldLock released = task.Next(new LockRequest(lockClass, address), cpu.ChainContext, site);
            Raise(SmallReports.UnlockImbalance(Options, new ReportedEvent(task, released, cpu, site)));
            return;
        }

        task.RemoveAt(index);
        if (index < task.Count)
        {
            Revalidate(task, index, cpu);
        }
    }

    /// <summary>A CPU is about to enable interrupts; <paramref name="before"/> is how it was until now. (trace_hardirqs_on())</summary>
    public void HardirqsOn(HeldLocks task, in CpuContext before, CallSite site)
    {
        if (!IsActive || before.HardirqsEnabled || before.InNmi)
        {
            return;
        }

        // lockdep_hardirqs_on_prepare()@6.1 still has them off.
        CpuContext after = Options.Format == LockdepFormat.Linux2630 ? before with { HardirqsEnabled = true } : before;
        if (_usage.MarkHeld(task, LockUsage.EnabledHardirq, after, site)
            && (!before.SoftirqsEnabled || _usage.MarkHeld(task, LockUsage.EnabledSoftirq, after, site)))
        {
            task.Irqs.Hardirqs(isEnabled: true, site);
        }
    }

    /// <summary>A CPU has disabled interrupts; <paramref name="before"/> is how it was until then. (trace_hardirqs_off())</summary>
    public void HardirqsOff(HeldLocks task, in CpuContext before, CallSite site)
    {
        if (IsActive && before.HardirqsEnabled && !before.InNmi)
        {
            task.Irqs.Hardirqs(isEnabled: false, site);
        }
    }

    /// <summary>A CPU is about to enable softirqs; <paramref name="before"/> is how it was until now. (trace_softirqs_on())</summary>
    public void SoftirqsOn(HeldLocks task, in CpuContext before, CallSite site)
    {
        if (IsActive && !before.SoftirqsEnabled && !before.InNmi)
        {
            task.Irqs.Softirqs(isEnabled: true, site);
            if (before.HardirqsEnabled)
            {
                _usage.MarkHeld(task, LockUsage.EnabledSoftirq, before with { SoftirqsEnabled = true }, site);
            }
        }
    }

    /// <summary>A CPU has disabled softirqs; <paramref name="before"/> is how it was until then. (trace_softirqs_off())</summary>
    public void SoftirqsOff(HeldLocks task, in CpuContext before, CallSite site)
    {
        if (IsActive && before.SoftirqsEnabled && !before.InNmi)
        {
            task.Irqs.Softirqs(isEnabled: false, site);
        }
    }

    /// <summary>A task allocates memory in a way that may write back file systems. (lockdep_trace_alloc()@2.6.30; nothing@6.1)</summary>
    public void AllocatesWithReclaim(HeldLocks task, in CpuContext cpu, CallSite site)
    {
        if (IsActive && Options.Format == LockdepFormat.Linux2630 && !task.IsReclaiming)
        {
            _usage.MarkHeld(task, LockUsage.EnabledReclaimFs, cpu, site);
        }
    }

    /// <summary>A task frees memory. (debug_check_no_locks_freed())</summary>
    /// <param name="task">Who frees.</param>
    /// <param name="address">The first byte freed.</param>
    /// <param name="length">How many bytes are freed.</param>
    /// <param name="cpu">Where.</param>
    /// <param name="site">From where in the code.</param>
    public void MemoryFreed(HeldLocks task, ulong address, ulong length, in CpuContext cpu, CallSite site)
    {
        for (int i = 0; IsActive && i < task.Count; i++)
        {
            if (task[i].Address - address < length)
            {
                Raise(SmallReports.HeldLockFreed(Options, new ReportedEvent(task, task[i], cpu, site), address, length));
            }
        }
    }

    /// <summary>A task exits. (debug_check_no_locks_held())</summary>
    public void TaskExits(HeldLocks task, in CpuContext cpu, CallSite site)
    {
        if (IsActive && task.Count > 0)
        {
            Raise(SmallReports.HeldAtExit(Options, new ReportedEvent(task, task[task.Count - 1], cpu, site)));
        }
    }

    /// <summary>A task leaves the kernel. (lockdep_sys_exit())</summary>
    public void ReturnsToUser(HeldLocks task, in CpuContext cpu, CallSite site)
    {
        if (IsActive && task.Count > 0)
        {
            Raise(SmallReports.HeldInUserSpace(Options, new ReportedEvent(task, task[task.Count - 1], cpu, site)));
        }
    }

    internal void Raise(LockdepReport report) => Report ??= report;

    private void Register(LockClass lockClass)
    {
        int version = 1;
        foreach (LockClass other in _classes)
        {
            // Subclasses of one key share its number.
            if (other.Key.Key.Equals(lockClass.Key.Key, StringComparison.Ordinal))
            {
                version = other.NameVersion;
                break;
            }

            if (other.Key.Name.Equals(lockClass.Key.Name, StringComparison.Ordinal))
            {
                version = Math.Max(version, other.NameVersion + 1);
            }
        }

        lockClass.Register(version);
        _classes.Add(lockClass);
    }

    /// <summary>
    /// The kernel's lockdep is off in NMIs, but 6.1 checks first whether the lock waited for was ever taken outside: its holder may
    /// be what the NMI interrupted (verify_lock_unused()).
    /// </summary>
    private void AcquireInNmi(HeldLocks task, in LockRequest request, in CpuContext cpu, CallSite site)
    {
        UsageBits conflicting = UsageBits.Of(LockUsage.Used)
            | (request.Access == LockAccess.Write ? UsageBits.Of(LockUsage.UsedRead) : default);
        if (Options.Format == LockdepFormat.Linux61 && !request.IsTrylock && request.Class.Usage.Overlaps(conflicting))
        {
            var now = new ReportedEvent(task, task.Next(request, cpu.ChainContext, site), cpu, site);
            LockUsage used = request.Class.Usage.Has(LockUsage.Used) ? LockUsage.Used : LockUsage.UsedRead;
            Raise(UsageReports.InconsistentState(Options, now, used, LockUsage.InNmi));
        }
    }

    /// <summary>
    /// The locks above one that was released out of order are now taken directly under those below it: lock_release_non_nested()@2.6.30,
    /// reacquire_held_locks()@6.1.
    /// </summary>
    private void Revalidate(HeldLocks task, int index, in CpuContext cpu)
    {
        int count = task.Count;
        task.Truncate(index);
        while (task.Count < count && _chains.Validate(task, task[task.Count], cpu, task[task.Count].Site))
        {
            task.Push();
        }
    }
}
