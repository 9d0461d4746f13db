using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Lockdep;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>A spinlock with the variants that differ in what they turn off on the own CPU (kernel/locking/spinlock.c).</summary>
internal sealed class RawSpinLock(KernelModel kernel, string name)
{
    private readonly SharedLock _lock = kernel.World.Lock(name);
    private readonly LockTracking _tracking = new(kernel, name, LockKey.SpinWait);

    public string Name => _lock.Name;

    /// <summary>Who holds it, or null.</summary>
    public StepContext? Holder => _lock.Holder;

    /// <summary>The lock as a location, for properties.</summary>
    public SharedLocation Location => _lock;

    /// <summary>spin_lock().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Lock(KernelContext c)
    {
        await c.PreemptDisable();
        _tracking.Acquire(c);
        if (kernel.Options.HasSpinlockDebug && _lock.Holder is KernelContext holder && ReferenceEquals(holder.Home, c.Home))
        {
            // Who holds it on this CPU cannot release it before this one has got it. Of holders elsewhere nothing is asked here.
            c.Fail("spinlock recursion", $"{c.Name} takes {Name}, which {holder.Name} holds on the same CPU");
        }

        await _lock.Acquire(c);
    }

    /// <summary>spin_unlock().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Unlock(KernelContext c)
    {
        _tracking.Release(c);
        await _lock.Release(c);
        await c.PreemptEnable();
    }

    /// <summary>spin_trylock().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> TryLock(KernelContext c)
    {
        await c.PreemptDisable();
        if (await _lock.TryAcquire(c))
        {
            _tracking.Acquired(c);
            return true;
        }

        await c.PreemptEnable();
        return false;
    }

    /// <summary>spin_lock_bh().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask LockBh(KernelContext c)
    {
        await c.LocalBhDisable();
        await Lock(c);
    }

    /// <summary>spin_unlock_bh().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask UnlockBh(KernelContext c)
    {
        await Unlock(c);
        await c.LocalBhEnable();
    }

    /// <summary>spin_lock_irqsave(), and spin_lock_irq() whose caller forgets the result.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> LockIrqSave(KernelContext c)
    {
        bool irqs = await c.LocalIrqSave();
        await Lock(c);
        return irqs;
    }

    /// <summary>spin_unlock_irqrestore(); with true, spin_unlock_irq().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask UnlockIrqRestore(KernelContext c, bool irqs)
    {
        await Unlock(c);
        await c.LocalIrqRestore(irqs);
    }
}
