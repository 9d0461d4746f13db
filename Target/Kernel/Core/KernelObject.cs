using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// Something allocated in the modelled kernel. Freeing poisons it: whoever touches a field afterwards is reported as
/// "use after free", whoever frees it again as "double free".
/// </summary>
internal class KernelObject
{
    public KernelObject(KernelModel kernel, string name)
    {
        Name = name;
        IsFreed = kernel.World.Cell($"{name}.freed", false);
    }

    public string Name { get; }

    /// <summary>Whether it has been freed.</summary>
    public SharedCell<bool> IsFreed { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>kfree(), as one step.</summary>
    public Step<FreeObject, Nothing> Free(KernelContext context) => new(context, new FreeObject(this));

    /// <summary>A step that only looks whether the object is still there: a call into its code, a read of something in it.</summary>
    public Step<TouchObject, Nothing> Touch(KernelContext context, string field) => new(context, new TouchObject(this, field));

    /// <summary>Part of a step: reports a use after free of <paramref name="field"/>.</summary>
    public void Check(KernelContext context, string field)
    {
        context.World.Touch(IsFreed.Id, AccessKind.Read);
        if (IsFreed.Value)
        {
            context.Fail("use after free", $"{context.Name} touches {Name}.{field} after it was freed");
        }
    }
}

/// <summary>A field of a kernel object: each access is a step, and is checked against use after free.</summary>
internal sealed class KernelField<T>(KernelObject owner, KernelModel kernel, string name, T initial)
{
    private readonly SharedCell<T> _cell = kernel.World.Cell($"{owner.Name}.{name}", initial);

    /// <summary>What memory holds; looking takes no step.</summary>
    public T Value => _cell.Value;

    /// <summary>The field as a location, for properties.</summary>
    public SharedCell<T> Cell => _cell;

    public Step<FieldRead<T>, T> Read(KernelContext context) => new(context, new FieldRead<T>(this));

    public Step<FieldWrite<T>, Nothing> Write(KernelContext context, T value) => new(context, new FieldWrite<T>(this, value));

    /// <summary>Part of a step.</summary>
    public void Check(StepContext context) => owner.Check((KernelContext)context, name);
}
