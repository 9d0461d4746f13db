using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>kmalloc() that can fail: from some allocation on there is no memory.</summary>
internal sealed class KernelAllocator
{
    private readonly KernelModel _kernel;
    private readonly int _failFrom;
    private readonly SharedCell<int> _count;

    /// <param name="kernel">Whose objects it makes.</param>
    /// <param name="failFrom">The number, from 0, of the first allocation that fails; <see cref="int.MaxValue"/>: none does.</param>
    public KernelAllocator(KernelModel kernel, int failFrom)
    {
        _kernel = kernel;
        _failFrom = failFrom;
        _count = kernel.World.Cell("allocations", 0);
    }

    /// <summary>kmalloc(GFP_KERNEL): may sleep, so only where that is allowed; yields null if there is no memory.</summary>
    public Step<AllocateObject, KernelObject?> Allocate(KernelContext c, string name)
    {
        c.MightSleep("kmalloc");
        return AllocateAtomic(c, name);
    }

    /// <summary>kmalloc(GFP_ATOMIC).</summary>
    public Step<AllocateObject, KernelObject?> AllocateAtomic(KernelContext c, string name) => new(c, new AllocateObject(this, name));

    /// <summary>Part of a step.</summary>
    public KernelObject? Make(string name)
    {
        int number = _count.Value;
        _count.Commit(number + 1);
        return number >= _failFrom ? null : new KernelObject(_kernel, name);
    }
}

/// <summary>An allocation.</summary>
internal readonly struct AllocateObject(KernelAllocator allocator, string name) : IAtomicOperation<KernelObject?>
{
    static StepNature IAtomicOperation<KernelObject?>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public KernelObject? Execute(StepContext context)
    {
        KernelObject? made = allocator.Make(name);
        context.World.Trace?.Note("allocate", made?.IsFreed, made is null ? "-ENOMEM" : name);
        return made;
    }
}
