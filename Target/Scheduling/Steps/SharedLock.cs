namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A plain lock: one holder, no fairness, no reentrance. Taking it is a LOCKed operation, releasing it an ordinary store.
/// Made by <see cref="World.Lock"/>.
/// </summary>
public sealed class SharedLock : SharedLocation, IWaitCondition, IBufferedTarget, IConditionalAccess
{
    private EarlierValues<StepContext?> _earlier;
    private StepContext? _holder;

    internal SharedLock(World world) : base(world)
    {
    }

    /// <summary>Who holds it, or null.</summary>
    public StepContext? Holder => _holder;

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
        _holder = null;
    }

    internal void SetHolder(StepContext? holder)
    {
        if (World.KeepsHistory)
        {
            _earlier.Note(Version, _holder);
        }

        _holder = holder;
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

    internal override void Rewind(int version) => Version = _earlier.Rewind(version, Version, ref _holder);

    internal override void Restore() => Version = _earlier.Restore(out _holder);
}
