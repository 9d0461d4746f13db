namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>A step that touches nothing shared.</summary>
public readonly struct LocalStep : IAtomicOperation<Nothing>
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
        context.World.Trace?.Note("local", null, "");
        return default;
    }
}

/// <summary>MFENCE.</summary>
public readonly struct Fence : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>Waits for the store buffer, if there is one.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.World.Trace?.Note("fence", null, "");
        return default;
    }
}

/// <summary>PAUSE in a spin loop.</summary>
public readonly struct Relax : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Yields;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <summary>Waits for news about what the loop read.</summary>
    public void Announce(StepContext context)
    {
        if (!context.Window.IsEmpty)
        {
            context.Window.AnnounceSpin(context);
        }
    }

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        context.World.Trace?.Note("relax", null, "");
        return default;
    }
}

/// <summary>A number chosen by the policy.</summary>
public readonly struct Draw(ulong bound) : IAtomicOperation<ulong>
{
    static StepNature IAtomicOperation<ulong>.Nature => StepNature.Plain;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => true;

    /// <inheritdoc/>
    public void Announce(StepContext context)
    {
    }

    /// <inheritdoc/>
    public ulong Execute(StepContext context)
    {
        ulong number = context.World.Draw(bound);
        context.World.Trace?.Note("draw", null, number);
        return number;
    }
}

/// <summary>A wait on several locations.</summary>
public readonly struct ConditionWait(Func<bool> condition, SharedLocation[] locations) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    /// <inheritdoc/>
    public bool IsReady(StepContext context) => condition();

    /// <inheritdoc/>
    public void Announce(StepContext context)
    {
        ArgumentOutOfRangeException.ThrowIfZero(locations.Length);
        context.WaitFor(FunctionCondition.Instance, locations[0], AccessKind.Read, condition);
        for (int i = 1; i < locations.Length; i++)
        {
            context.WaitAlsoFor(locations[i], AccessKind.Read);
        }
    }

    /// <inheritdoc/>
    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        context.World.Trace?.Note("wait", null, "");
        return default;
    }
}
