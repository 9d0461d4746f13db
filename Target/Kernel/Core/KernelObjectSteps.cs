using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>kfree().</summary>
internal readonly struct FreeObject(KernelObject target) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        if (target.IsFreed.Value)
        {
            context.Fail("double free", $"{context.Name} frees {target.Name} a second time");
        }

        target.IsFreed.Commit(true);
        context.World.Trace?.Note("free", target.IsFreed, target.Name);
        return default;
    }
}

/// <summary>A look at an object that must be alive.</summary>
internal readonly struct TouchObject(KernelObject target, string field) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        context.World.Trace?.Note("touch", target.IsFreed, field);
        target.Check((KernelContext)context, field);
        return default;
    }
}

/// <summary>A load from a field.</summary>
internal readonly struct FieldRead<T>(KernelField<T> field) : IAtomicOperation<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
        if (context.Window.Spins)
        {
            context.Window.AnnounceSpin(context);
        }
    }

    public T Execute(StepContext context)
    {
        field.Check(context);
        return field.Cell.Load(context);
    }
}

/// <summary>A store to a field.</summary>
internal readonly struct FieldWrite<T>(KernelField<T> field, T value) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        field.Check(context);
        field.Cell.Store(context, value);
        return default;
    }
}
