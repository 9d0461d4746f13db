namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>The locks of one task, innermost last, and its interrupt history (held_locks and irqtrace of task_struct).</summary>
internal sealed class HeldLocks
{
    private HeldLock[] _locks = [];

    /// <summary>How many locks a task may hold: MAX_LOCK_DEPTH.</summary>
    public static int CountMax => 48;

    /// <summary>The task's name, and with <see cref="Pid"/> how reports call it: "swapper/0".</summary>
    public string Comm { get; private set; } = "";

    public int Pid { get; private set; }

    /// <summary>"comm/pid".</summary>
    public string Name => $"{Comm}/{Pid}";

    /// <summary>How many locks the task holds.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it reclaims memory for a __GFP_FS allocation (lockdep_set_current_reclaim_state()@2.6.30).</summary>
    public bool IsReclaiming { get; set; }

    public IrqTrace Irqs { get; } = new();

    /// <summary>The lock taken as number <paramref name="index"/>, from 0.</summary>
    public HeldLock this[int index] => _locks[index];

    internal void Assign(string comm, int pid)
    {
        Comm = comm;
        Pid = pid;
        Count = 0;
        IsReclaiming = false;
        Irqs.Reset();
    }

    /// <summary>The place where the next lock will stand; it isn't held until <see cref="Push"/>.</summary>
    internal HeldLock Next(in LockRequest request, int chainContext, CallSite site)
    {
        if (Count == _locks.Length)
        {
            int old = _locks.Length;
            Array.Resize(ref _locks, Math.Max(4, old * 2));
            for (int i = old; i < _locks.Length; i++)
            {
                _locks[i] = new HeldLock();
            }
        }

        HeldLock held = _locks[Count];
        held.Set(request, chainContext, site);
        return held;
    }

    internal void Push() => Count++;

    /// <summary>
    /// The index of a lock among those taken in the innermost context, or -1: lock_release_non_nested()@2.6.30, find_held_lock()@6.1
    /// don't look across contexts either.
    /// </summary>
    internal int Find(LockClass lockClass, ulong address)
    {
        for (int i = Count - 1; i >= 0 && _locks[i].ChainContext == _locks[Count - 1].ChainContext; i--)
        {
            if (_locks[i].Address == address && ReferenceEquals(_locks[i].Class, lockClass))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Takes one out; those above move down.</summary>
    internal void RemoveAt(int index)
    {
        HeldLock removed = _locks[index];
        Array.Copy(_locks, index + 1, _locks, index, Count - index - 1);
        _locks[--Count] = removed;
    }

    /// <summary>Makes the locks from <paramref name="count"/> on not yet held, while they are validated anew.</summary>
    internal void Truncate(int count) => Count = count;
}
