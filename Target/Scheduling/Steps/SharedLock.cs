namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A plain lock: one holder, no fairness, no reentrance. Taking it is a LOCKed operation, releasing it an ordinary store.
/// Made by <see cref="World.Lock"/>.
/// </summary>
public sealed class SharedLock : SharedLocation, IWaitCondition, IBufferedTarget, IConditionalAccess
{
    private StepContext? _presentHolder;
    private int _presentVersion;
    private StepContext?[] _history = [];

    internal SharedLock(World world) : base(world)
    {
    }

    /// <summary>Who holds it, or null.</summary>
    public StepContext? Holder { get; private set; }

    /// <inheritdoc/>
    internal override string Content => Holder is null ? "free" : $"held by {Holder.Name}";

    /// <summary>Waits until it is free and takes it.</summary>
    public Step<LockAcquire, Nothing> Acquire(StepContext context) => new(context, new LockAcquire(this));

    /// <summary>Takes it if it is free; yields whether it did. A failed attempt only reads.</summary>
    public Step<LockTryAcquire, bool> TryAcquire(StepContext context) => new(context, new LockTryAcquire(this));

    /// <summary>Gives it up. Releasing a lock one doesn't hold is the violation "lock misuse".</summary>
    public Step<LockRelease, Nothing> Release(StepContext context) => new(context, new LockRelease(this));

    AccessKind IConditionalAccess.KindNow => Holder is null ? AccessKind.Write : AccessKind.Read;

    /// <summary>It is free, and the CPU's buffered stores are visible.</summary>
    bool IWaitCondition.Holds(StepContext context) => Holder is null && context.Buffer?.Holds(context) != false;

    internal void Bind(string name, ulong key)
    {
        Rebind(name, key);
        Holder = null;
    }

    internal void SetHolder(StepContext? holder)
    {
        if (World.KeepsHistory)
        {
            if (Version >= _history.Length)
            {
                Array.Resize(ref _history, Math.Max(8, 2 * _history.Length));
            }

            _history[Version] = Holder;
        }

        Holder = holder;
        CountWrite();
    }

    /// <summary>Reports a release by somebody else than the holder; false if there is nothing to release.</summary>
    internal bool CheckHolder(StepContext context)
    {
        if (ReferenceEquals(Holder, context))
        {
            return true;
        }

        context.Fail("lock misuse", $"{context.Name} releases {Name}, which {Holder?.Name ?? "nobody"} holds");
        return false;
    }

    void IBufferedTarget.CommitOldest(int cpu)
    {
        World.Trace?.Note("drain release", this, "");
        SetHolder(null);
    }

    internal override void Rewind(int version)
    {
        _presentHolder = Holder;
        _presentVersion = Version;
        if (version < Version)
        {
            Holder = _history[version];
            Version = version;
        }
    }

    internal override void Restore()
    {
        Holder = _presentHolder;
        Version = _presentVersion;
    }
}
