namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Waits for a lock and takes it.</summary>
public readonly struct LockAcquire(SharedLock target) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => target.Holder is null;

    /// <inheritdoc/>
    public void Announce(StepContext context)
    {
        context.WaitFor(target, target, AccessKind.Write, null);
        if (context.Buffer is { } buffer)
        {
            context.WaitAlsoFor(buffer, AccessKind.Read);
        }
    }

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        target.SetHolder(context);
        context.World.Trace?.Note("acquire", target, "");
        return default;
    }
}

/// <summary>Takes a lock if it is free.</summary>
public readonly struct LockTryAcquire(SharedLock target) : IAtomicOperation<bool>
{
    static StepNature IAtomicOperation<bool>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>LOCK drains the store buffer first.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    /// <inheritdoc/>
    public bool Execute(StepContext context)
    {
        bool free = target.Holder is null;
        context.World.Recorder?.Condition(target, target);
        context.World.Trace?.Note(free ? "try-acquire" : "try-acquire fails", target, "");
        if (free)
        {
            context.Window.Clear();
            target.SetHolder(context);
        }
        else
        {
            context.Window.Note(target);
            context.World.Touch(target.Id, AccessKind.Read);
        }

        return free;
    }
}

/// <summary>Releases a lock: an ordinary store.</summary>
public readonly struct LockRelease(SharedLock target) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <inheritdoc/>
    public void Announce(StepContext context)
    {
    }

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        context.World.Trace?.Note("release", target, "");
        if (!target.CheckHolder(context))
        {
            context.World.Touch(target.Id, AccessKind.Read);
        }
        else if (context.Buffer is { } buffer)
        {
            buffer.Enqueue(target);
        }
        else
        {
            target.SetHolder(null);
        }

        return default;
    }
}
