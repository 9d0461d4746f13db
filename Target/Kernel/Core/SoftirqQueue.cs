using System.Runtime.CompilerServices;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// Softirqs of one CPU: work raised by interrupts that runs when the outermost of them ends, or when softirqs are enabled
/// again (kernel/softirq.c: irq_exit, do_softirq).
/// </summary>
internal sealed class SoftirqQueue
{
    private readonly KernelCpu _cpu;
    private List<(SoftirqVector Vector, Func<KernelContext, ValueTask> Work)>? _raised;
    private Queue<Func<KernelContext, ValueTask>>? _pass;

    public SoftirqQueue(KernelCpu cpu)
    {
        _cpu = cpu;
        Pending = cpu.Kernel.World.Cell(CpuNames.Softirq(cpu.Number), 0);
    }

    /// <summary>How many pieces of work wait.</summary>
    public SharedCell<int> Pending { get; }

    /// <summary>Whether an interrupt that ends now would run softirqs.</summary>
    public bool ShouldRun => Pending.Value != 0 && _cpu.Control is { ServingSoftirq: false, SoftirqDisableCount: 0, HardirqDepth: 1, InNmi: false };

    /// <summary>raise_softirq() of a tasklet, as one step.</summary>
    public Step<SoftirqRaise, Nothing> Raise(KernelContext context, Func<KernelContext, ValueTask> work) =>
        Raise(context, SoftirqVector.Tasklet, work);

    /// <summary>raise_softirq() with what its handler does, as one step.</summary>
    public Step<SoftirqRaise, Nothing> Raise(KernelContext context, SoftirqVector vector, Func<KernelContext, ValueTask> work) =>
        new(context, new SoftirqRaise(this, vector, work));

    /// <summary>Part of a step, or of set-up.</summary>
    public void Add(SoftirqVector vector, Func<KernelContext, ValueTask> work)
    {
        _raised ??= [];
        _raised.Add((vector, work));
        Pending.Commit(Pending.Value + 1);
    }

    /// <summary>do_softirq(): with interrupts enabled, until nothing is pending.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask RunPending(KernelContext context)
    {
        if (Pending.Value == 0 || _cpu.Control.ServingSoftirq)
        {
            return;
        }

        bool irqs = _cpu.Control.IrqsEnabled;
        bool endsHardirq = _cpu.Control.HardirqDepth != 0;
        await new Step<ControlChange, bool>(context,
            new ControlChange(endsHardirq ? ControlAction.ServeSoftirqsOnExit : ControlAction.ServeSoftirqs));
        while (Pending.Value != 0)
        {
            Func<KernelContext, ValueTask> work = await new Step<SoftirqTake, Func<KernelContext, ValueTask>>(context, new SoftirqTake(this));
            CpuControl before = _cpu.Control;
            await work(context);
            CheckBalance(context, before, _cpu.Control);
        }

        await new Step<ControlChange, bool>(context,
            new ControlChange(endsHardirq ? ControlAction.ServedSoftirqsOnExit : ControlAction.ServedSoftirqs));
        if (irqs)
        {
            await context.LocalIrqEnable();
        }
    }

    /// <summary>
    /// Part of a step: the next of a pass over what was pending when the pass began, by vector; what is raised meanwhile is for
    /// the next pass.
    /// </summary>
    public Func<KernelContext, ValueTask> Take()
    {
        Pending.Commit(Pending.Value - 1);
        _pass ??= new Queue<Func<KernelContext, ValueTask>>();
        if (_pass.Count == 0)
        {
            for (SoftirqVector vector = SoftirqVector.High; vector <= SoftirqVector.Rcu; vector++)
            {
                foreach ((SoftirqVector raised, Func<KernelContext, ValueTask> work) in _raised!)
                {
                    if (raised == vector)
                    {
                        _pass.Enqueue(work);
                    }
                }
            }

            _raised!.Clear();
        }

        return _pass.Dequeue();
    }

    private static void CheckBalance(KernelContext context, CpuControl before, CpuControl after)
    {
        if (before.PreemptCount != after.PreemptCount || before.SoftirqDisableCount != after.SoftirqDisableCount)
        {
            context.Warn("unbalanced preempt count",
                $"{context.Name}: a softirq was entered with preempt count {before.PreemptCount}/{before.SoftirqDisableCount}, "
                + $"and left with {after.PreemptCount}/{after.SoftirqDisableCount}");
        }
    }
}

/// <summary>Makes softirq work pending on the context's CPU.</summary>
internal readonly struct SoftirqRaise(SoftirqQueue queue, SoftirqVector vector, Func<KernelContext, ValueTask> work) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        queue.Add(vector, work);
        context.World.Trace?.Note("raise", queue.Pending, queue.Pending.Value);
        return default;
    }
}

/// <summary>Takes the oldest piece of softirq work.</summary>
internal readonly struct SoftirqTake(SoftirqQueue queue) : IAtomicOperation<Func<KernelContext, ValueTask>>
{
    static StepNature IAtomicOperation<Func<KernelContext, ValueTask>>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Func<KernelContext, ValueTask> Execute(StepContext context)
    {
        context.World.Trace?.Note("softirq", queue.Pending, queue.Pending.Value);
        return queue.Take();
    }
}
