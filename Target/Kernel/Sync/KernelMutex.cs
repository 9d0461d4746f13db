using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Lockdep;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>
/// struct mutex: sleeps while somebody else has it, so only tasks may take it; only its owner may release it, and not twice
/// (Documentation/locking/mutex-design.rst).
/// </summary>
internal sealed class KernelMutex(KernelModel kernel, string name)
{
    private readonly SharedCell<KernelTask?> _owner = kernel.World.Cell<KernelTask?>(name, null);
    private readonly LockTracking _tracking = new(kernel, name, LockKey.SleepWait);

    public string Name => _owner.Name;

    /// <summary>The task that has it, or null.</summary>
    public KernelTask? Owner => _owner.Value;

    /// <summary>The owner as a location, for properties.</summary>
    public SharedLocation Location => _owner;

    /// <summary>mutex_lock(). In atomic context, or by its owner, it is misuse.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Lock(KernelContext c)
    {
        KernelTask task = CheckCaller(c, "mutex_lock");
        if (ReferenceEquals(_owner.Value, task))
        {
            c.Fail("lock misuse", $"{c.Name} takes mutex {Name}, which it has already");
        }

        _tracking.Acquire(c);
        while (await _owner.CompareExchange(c, null, task) is not null)
        {
            await c.SleepUntil(_owner, static owner => owner is null, "mutex_lock");
        }
    }

    /// <summary>mutex_trylock(): never sleeps, and yet only for tasks.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> TryLock(KernelContext c)
    {
        KernelTask task = CheckTask(c, "mutex_trylock");
        if (await _owner.CompareExchange(c, null, task) is not null)
        {
            return false;
        }

        _tracking.Acquired(c);
        return true;
    }

    /// <summary>mutex_unlock(). By another than the owner, or in an interrupt, it is misuse.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Unlock(KernelContext c)
    {
        KernelTask task = CheckTask(c, "mutex_unlock");
        _tracking.Release(c);
        if (await _owner.CompareExchange(c, task, null) is var owner && !ReferenceEquals(owner, task))
        {
            c.Fail("lock misuse", $"{c.Name} releases mutex {Name}, which {owner?.Name ?? "nobody"} has");
        }
    }

    private KernelTask CheckCaller(KernelContext c, string function)
    {
        c.MightSleep(function);
        return CheckTask(c, function);
    }

    private KernelTask CheckTask(KernelContext c, string function)
    {
        if (c.Process is not KernelTask task || c.Control.InInterrupt)
        {
            c.Oops("mutex in interrupt", $"{c.Name} calls {function}({Name}) in interrupt context");
            return null!;
        }

        return task;
    }
}
