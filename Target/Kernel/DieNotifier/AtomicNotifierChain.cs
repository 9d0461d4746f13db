using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.DieNotifier;

/// <summary>
/// An atomic notifier chain: handlers by descending priority, equals in order of registration; callers run under
/// rcu_read_lock(), unregistering waits for them (kernel/notifier.c@6.1).
/// </summary>
/// <typeparam name="TArgs">What handlers are told.</typeparam>
internal sealed class AtomicNotifierChain<TArgs>
{
    private readonly RawSpinLock _lock;
    private readonly Rcu.Rcu _rcu;
    private readonly SharedCell<NotifierBlock<TArgs>?> _head;

    public AtomicNotifierChain(KernelModel kernel, Rcu.Rcu rcu, string name)
    {
        _lock = new RawSpinLock(kernel, $"{name}.lock");
        _rcu = rcu;
        _head = kernel.World.Cell<NotifierBlock<TArgs>?>($"{name}.head", null);
    }

    /// <summary>Whether an unregistration waits for handlers under way; not before 2.6.17.</summary>
    public bool UnregisterWaits { get; init; } = true;

    /// <summary>Told of each handler's answer, inside the step that gave it; for records of who looked at an event.</summary>
    public Action<KernelContext, string, NotifyResult>? Answered { get; set; }

    /// <summary>Who is asked first; looking takes no step.</summary>
    public NotifierBlock<TArgs>? First => _head.Value;

    /// <summary>Registers in set-up, before anybody runs.</summary>
    public void Add(NotifierBlock<TArgs> block)
    {
        SharedCell<NotifierBlock<TArgs>?> link = _head;
        while (link.Value is { } next && next.Priority >= block.Priority)
        {
            link = next.Next;
        }

        block.Next.Commit(link.Value);
        link.Commit(block);
    }

    /// <summary>atomic_notifier_chain_register().</summary>
    /// <returns>False (-EEXIST) if it is registered already.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Register(KernelContext c, NotifierBlock<TArgs> block)
    {
        bool irqs = await _lock.LockIrqSave(c);
        SharedCell<NotifierBlock<TArgs>?> link = _head;
        bool isNew = true;
        while (await link.Read(c) is { } next)
        {
            if (ReferenceEquals(next, block))
            {
                isNew = false;
                break;
            }

            if (block.Priority > next.Priority)
            {
                break;
            }

            link = next.Next;
        }

        if (isNew)
        {
            await block.Next.Write(c, await link.Read(c));
            await link.Write(c, block);
        }

        await _lock.UnlockIrqRestore(c, irqs);
        return isNew;
    }

    /// <summary>atomic_notifier_chain_unregister().</summary>
    /// <returns>False (-ENOENT) if it isn't registered.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Unregister(KernelContext c, NotifierBlock<TArgs> block)
    {
        bool irqs = await _lock.LockIrqSave(c);
        SharedCell<NotifierBlock<TArgs>?> link = _head;
        bool found = false;
        while (await link.Read(c) is { } next)
        {
            if (ReferenceEquals(next, block))
            {
                await link.Write(c, await block.Next.Read(c));
                found = true;
                break;
            }

            link = next.Next;
        }

        await _lock.UnlockIrqRestore(c, irqs);
        if (UnregisterWaits)
        {
            await _rcu.SynchronizeRcu(c);
        }

        return found;
    }

    /// <summary>atomic_notifier_call_chain(): the last handler's answer, <see cref="NotifyResult.Done"/> if there is none.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<NotifyResult> Call(KernelContext c, DieCode code, TArgs args)
    {
        await _rcu.ReadLock(c);
        NotifyResult result = NotifyResult.Done;
        NotifierBlock<TArgs>? block = await _head.Read(c);
        while (block is not null)
        {
            // The successor is fetched first: the handler may unregister itself.
            NotifierBlock<TArgs>? next = await block.Next.Read(c);
            result = await block.Handler(c, code, args);
            Answered?.Invoke(c, block.Name, result);
            if ((result & NotifyResult.StopMask) != 0)
            {
                break;
            }

            block = next;
        }

        await _rcu.ReadUnlock(c);
        return result;
    }
}

/// <summary>One handler on a notifier chain.</summary>
internal sealed class NotifierBlock<TArgs>(
    KernelModel kernel, string name, int priority, Func<KernelContext, DieCode, TArgs, ValueTask<NotifyResult>> handler)
{
    public string Name => name;

    /// <summary>Higher comes first.</summary>
    public int Priority => priority;

    public Func<KernelContext, DieCode, TArgs, ValueTask<NotifyResult>> Handler => handler;

    public SharedCell<NotifierBlock<TArgs>?> Next { get; } = kernel.World.Cell<NotifierBlock<TArgs>?>($"{name}.next", null);
}
