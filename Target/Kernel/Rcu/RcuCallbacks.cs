using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Rcu;

/// <summary>
/// call_rcu() and its siblings: each callback runs after a grace period of its flavour, in the RCU softirq of the CPU that queued
/// it, in the order of queueing there. Grace periods are noticed by the timer interrupt of that CPU.
/// </summary>
internal sealed class RcuCallbacks
{
    private readonly KernelModel _kernel;
    private readonly Rcu _rcu;
    private readonly CallbackQueue[] _queues;

    /// <param name="kernel">Whose CPUs.</param>
    /// <param name="rcu">Its readers.</param>
    /// <param name="cpus">Which CPUs queue callbacks, bit n for CPU n; each has a source of interrupts more.</param>
    public RcuCallbacks(KernelModel kernel, Rcu rcu, ulong cpus)
    {
        _kernel = kernel;
        _rcu = rcu;
        _queues = new CallbackQueue[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _queues.Length; cpu++)
        {
            if ((cpus >> cpu & 1) != 0)
            {
                CallbackQueue queue = _queues[cpu] = new CallbackQueue(kernel, cpu);
                kernel.World.Spawn($"C{cpu}.rcu_gp", kernel.Cpus.Count + cpu, true, t => AwaitGracePeriods(t, queue));
            }
        }
    }

    /// <summary>call_rcu(), call_rcu_bh(), call_rcu_sched(): never sleeps, legal everywhere but in an NMI.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Call(KernelContext c, RcuFlavour flavour, Func<KernelContext, ValueTask> callback)
    {
        if (c.Control.InNmi)
        {
            c.Warn("call_rcu in NMI", $"{c.Name} queues an RCU callback in an NMI, which may have interrupted the queue's user");
        }

        // Which CPU's queue it is must not change before it is in.
        bool irqs = await c.LocalIrqSave();
        await new Step<CallbackEnqueue, Nothing>(c, new CallbackEnqueue(_queues[c.Home.Number], flavour, callback));
        await c.LocalIrqRestore(irqs);
    }

    /// <summary>rcu_barrier(): sleeps until every callback queued before, on any CPU, has run.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Barrier(KernelContext c)
    {
        c.MightSleep("rcu_barrier");
        foreach (CallbackQueue? queue in _queues)
        {
            if (queue is not null)
            {
                int queued = await queue.Queued.Read(c);
                await c.SleepUntil(queue.Done, done => done >= queued, "rcu_barrier");
            }
        }
    }

    /// <summary>Waits, for the oldest callback of a CPU, until all its readers have left, and lets the CPU know.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask AwaitGracePeriods(StepContext t, CallbackQueue queue)
    {
        for (int number = 0; ; number++)
        {
            int last = number;
            await queue.Queued.WaitUntil(t, queued => queued > last);
            RcuFlavour flavour = queue.FlavourOf(number);
            if (flavour == RcuFlavour.Rcu && _rcu.Model == RcuModel.Preemptible)
            {
                foreach (KernelProcess process in _kernel.Processes)
                {
                    await process.RcuNesting.WaitUntil(t, static nesting => nesting == 0);
                }
            }
            else
            {
                foreach (KernelCpu cpu in _kernel.Cpus)
                {
                    await cpu.ControlCell.WaitUntil(t, _rcu.IsQuiescent(flavour));
                }
            }

            await queue.Tick.Raise(t);
        }
    }
}

/// <summary>The callbacks of one CPU.</summary>
internal sealed class CallbackQueue
{
    private readonly List<(RcuFlavour Flavour, Func<KernelContext, ValueTask> Callback)> _callbacks = [];
    private readonly Func<KernelContext, ValueTask> _runOne;

    public CallbackQueue(KernelModel kernel, int cpu)
    {
        Queued = kernel.World.Cell($"C{cpu}.rcu_queued", 0);
        Done = kernel.World.Cell($"C{cpu}.rcu_done", 0);
        _runOne = RunOne;
        Tick = kernel.AddInterrupt($"C{cpu}.rcu_tick", cpu, ContextKind.Hardirq, 0, RaiseSoftirq);
    }

    /// <summary>How many were queued since the beginning.</summary>
    public SharedCell<int> Queued { get; }

    /// <summary>How many of them have run.</summary>
    public SharedCell<int> Done { get; }

    /// <summary>The timer interrupt that finds a grace period ended.</summary>
    public InterruptSource Tick { get; }

    public RcuFlavour FlavourOf(int number) => _callbacks[number].Flavour;

    /// <summary>Part of a step.</summary>
    public void Add(RcuFlavour flavour, Func<KernelContext, ValueTask> callback)
    {
        _callbacks.Add((flavour, callback));
        Queued.Commit(Queued.Value + 1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RaiseSoftirq(KernelContext c) => await c.Home.Softirqs.Raise(c, SoftirqVector.Rcu, _runOne);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunOne(KernelContext c)
    {
        int number = await Done.Read(c);
        await _callbacks[number].Callback(c);
        await Done.Write(c, number + 1);
    }
}

/// <summary>Queues a callback.</summary>
internal readonly struct CallbackEnqueue(CallbackQueue queue, RcuFlavour flavour, Func<KernelContext, ValueTask> callback) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        queue.Add(flavour, callback);
        context.World.Trace?.Note("call_rcu", queue.Queued, flavour);
        return default;
    }
}
