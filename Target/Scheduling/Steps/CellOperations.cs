namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>A load.</summary>
public readonly struct CellRead<T>(SharedCell<T> cell) : IAtomicOperation<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>A read that could only see again what it saw before waits for news; see <see cref="ReadWindow"/>.</summary>
    public void Announce(StepContext context)
    {
        if (context.Window.Spins)
        {
            context.Window.AnnounceSpin(context);
        }
    }

    /// <inheritdoc/>
    public T Execute(StepContext context) => cell.Load(context);
}

/// <summary>A store.</summary>
public readonly struct CellWrite<T>(SharedCell<T> cell, T value) : IAtomicOperation<Nothing>
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
        cell.Store(context, value);
        return default;
    }
}

/// <summary>A busy wait on one cell.</summary>
public readonly struct CellWait<T>(SharedCell<T> cell, Func<T, bool> condition) : IAtomicOperation<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Waits;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => condition(cell.Value);

    /// <inheritdoc/>
    public void Announce(StepContext context) => context.WaitFor(cell, cell, AccessKind.Read, condition);

    /// <inheritdoc/>
    public T Execute(StepContext context)
    {
        T value = cell.View(context.Cpu);
        context.Window.Clear();
        context.World.Trace?.Note("wait", cell, value);
        return value;
    }
}

/// <summary>A LOCKed compare and exchange.</summary>
public readonly struct CellCompareExchange<T>(SharedCell<T> cell, T expected, T value) : IAtomicOperation<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>LOCK drains the store buffer first.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    /// <inheritdoc/>
    public T Execute(StepContext context)
    {
        T old = cell.Value;
        cell.Expect(expected);
        bool equal = EqualityComparer<T>.Default.Equals(old, expected);
        if (equal)
        {
            cell.Replace(context, value);
        }
        else
        {
            cell.Inspect(context);
        }

        context.World.Trace?.Note(equal ? "compare-exchange" : "compare-exchange fails", cell, equal ? value : old);
        return old;
    }
}

/// <summary>A LOCKed read-modify-write.</summary>
public readonly struct CellUpdate<T, TUpdate>(SharedCell<T> cell, TUpdate update) : IAtomicOperation<T>
    where TUpdate : struct, ICellUpdate<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>LOCK drains the store buffer first.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    /// <inheritdoc/>
    public T Execute(StepContext context)
    {
        T old = cell.Value;
        T value = update.Apply(old);
        cell.Replace(context, value);
        context.World.Trace?.Note("update", cell, value);
        return old;
    }
}
