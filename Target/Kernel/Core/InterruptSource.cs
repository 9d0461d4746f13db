using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// A line into one CPU on which interrupts, NMIs or machine checks come. A pending one is delivered between any two steps of
/// the CPU where the architecture allows: that moment is the scheduler's choice.
/// </summary>
internal sealed class InterruptSource : KernelProcess, IWaitCondition
{
    private readonly Func<KernelContext, ValueTask> _handler;

    /// <param name="cpu">The CPU it interrupts.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="kind">Hardirq, Nmi or MachineCheck.</param>
    /// <param name="pending">How many are pending from the beginning.</param>
    /// <param name="handler">What the kernel does on one.</param>
    public InterruptSource(KernelCpu cpu, string name, ContextKind kind, int pending, Func<KernelContext, ValueTask> handler)
        : base(cpu, name)
    {
        Kind = kind;
        _handler = handler;
        Pending = cpu.Kernel.World.Cell($"{name}.pending", pending);
    }

    public ContextKind Kind { get; }

    /// <summary>How many have been raised and not delivered.</summary>
    public SharedCell<int> Pending { get; }

    public override RunnableState State => Context.State switch
    {
        RunnableState.Waiting or RunnableState.Spinning when IsBetweenInterrupts => RunnableState.Idle,
        RunnableState state => state,
    };

    /// <summary>No handler of this source is under way.</summary>
    public bool IsBetweenInterrupts { get; private set; } = true;

    /// <summary>Makes one more pending, as one step; an NMI line remembers one only.</summary>
    public Step<RaiseInterrupt, Nothing> Raise(StepContext by) => new(by, new RaiseInterrupt(this));

    /// <summary>Whether the CPU would take it now.</summary>
    bool IWaitCondition.Holds(StepContext context) => Pending.Value != 0 && IsAcceptedBy(Context.Home.Control);

    /// <summary>Whether a CPU in this state takes interrupts of this kind.</summary>
    public bool IsAcceptedBy(CpuControl control) => !control.IsOffline && Kind switch
    {
        ContextKind.Nmi => !control.NmiBlocked,
        ContextKind.MachineCheck => !control.InMachineCheck,
        _ => control.IrqsEnabled,
    };

    /// <summary>Takes one off the line: part of the delivery.</summary>
    public void TakeOne()
    {
        Pending.Commit(Kind == ContextKind.Nmi ? 0 : Pending.Value - 1);
        IsBetweenInterrupts = false;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private protected override async ValueTask Main()
    {
        KernelContext c = Context;
        while (true)
        {
            c.IgnoreOwner();
            await new Step<DeliverInterrupt, Nothing>(c, new DeliverInterrupt(this));
            c.ObeyOwner();
            await _handler(c);
            if (Kind == ContextKind.Hardirq && c.Home.Softirqs.ShouldRun)
            {
                await c.Home.Softirqs.RunPending(c);
            }

            await c.Home.Leave(c);
            IsBetweenInterrupts = true;
        }
    }

    private protected override void Ended()
    {
    }
}
