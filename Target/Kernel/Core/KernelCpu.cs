using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>A CPU of the modelled kernel: whose turn it is, the contexts stacked on it, its debug registers.</summary>
internal sealed class KernelCpu
{
    private readonly List<ContextFrame> _frames = [];
    private int _processCount;

    public KernelCpu(KernelModel kernel, int number)
    {
        Kernel = kernel;
        Number = number;
        bool isOffline = (kernel.Options.OfflineCpus >> number & 1) != 0;
        ControlCell = kernel.World.Cell(CpuNames.Control(number), CpuControl.Idle.WithOffline(isOffline));
        DebugRegisters = new DebugRegisterFile(kernel.World, number);
        Softirqs = new SoftirqQueue(this);
        IdleDebug = new TaskDebugState(kernel, $"swapper/{number}");
    }

    public KernelModel Kernel { get; }

    /// <summary>From 0.</summary>
    public int Number { get; }

    /// <summary>Where <see cref="Control"/> is kept; who waits for this CPU waits for it.</summary>
    public SharedCell<CpuControl> ControlCell { get; }

    public CpuControl Control => ControlCell.Value;

    public DebugRegisterFile DebugRegisters { get; }

    public SoftirqQueue Softirqs { get; }

    /// <summary>Calls from other CPUs come here; null if the kernel was made without.</summary>
    public CallQueue? Calls { get; set; }

    /// <summary>Divides the CPU among tasks; null where only one uses it.</summary>
    public TaskScheduler? Scheduler { get; set; }

    /// <summary>The task that has the CPU, or that was interrupted; null: idle.</summary>
    public KernelTask? Current => Control.Current is var number and not 0 ? (KernelTask)Kernel.Process(number) : null;

    /// <summary>What the debug trap handlers keep of the idle task.</summary>
    public TaskDebugState IdleDebug { get; }

    /// <summary>What they keep of <c>current</c>.</summary>
    public TaskDebugState CurrentDebug => Current?.Debug ?? IdleDebug;

    /// <summary>More than one process can run here, so each of their steps waits for its turn.</summary>
    public bool IsShared => _processCount > 1;

    /// <summary>The contexts stacked on the task, outermost first.</summary>
    public IReadOnlyList<ContextFrame> Frames => _frames;

    /// <summary>The innermost context.</summary>
    public ContextKind Kind => _frames.Count != 0 ? _frames[^1].Kind
        : Control.ServingSoftirq ? ContextKind.Softirq : ContextKind.Task;

    public void Share() => _processCount++;

    /// <summary>A step of this CPU changes its control word.</summary>
    public void SetControl(KernelContext by, CpuControl value, ControlAction action)
    {
        CpuControl old = Control;
        ControlCell.Commit(value);
        Kernel.Lockdep?.ControlChanged(by, old, value);
        by.World.Trace?.Note("control", ControlCell, action);
    }

    /// <summary>Part of a step: an interrupt or trap begins. Its gate turns interrupts off.</summary>
    public void Enter(KernelContext context, ContextKind kind)
    {
        CpuControl old = Control;
        _frames.Add(new ContextFrame(kind, context.Process, old));
        CpuControl entered = old.WithOwner(context.Process.Number).WithIrqs(false);
        entered = kind switch
        {
            ContextKind.Nmi => entered.WithNmiBlocked(true).AddNmi(1),
            ContextKind.MachineCheck => entered.WithMachineCheck(true),
            ContextKind.Hardirq => entered.AddHardirq(1),
            _ => entered.AddTrap(1),
        };
        ControlCell.Commit(entered);
        Kernel.Lockdep?.ControlChanged(context, old, entered);
    }

    /// <summary>A trap of the running context begins, as one step.</summary>
    public Step<EnterContext, Nothing> EnterTrap(KernelContext context, ContextKind kind) => new(context, new EnterContext(kind));

    /// <summary>IRET: the innermost context ends, as one step. The CPU serialises and NMIs are open again.</summary>
    public Step<LeaveContext, Nothing> Leave(KernelContext context) => new(context, default);

    /// <summary>IRET of a handler that on purpose leaves preemption disabled (kprobes, until after the single step), or undoes that.</summary>
    /// <param name="context">Who returns.</param>
    /// <param name="preemptDelta">By how much the preempt count changes over the trap.</param>
    public Step<LeaveContext, Nothing> Leave(KernelContext context, int preemptDelta) => new(context, new LeaveContext(preemptDelta));

    /// <summary>Part of a step: the innermost context ends.</summary>
    public void Exit(KernelContext context, int preemptDelta)
    {
        ContextFrame frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        CpuControl now = Control;
        CpuControl then = frame.Interrupted;
        if (now.PreemptCount != then.PreemptCount + preemptDelta || now.SoftirqDisableCount != then.SoftirqDisableCount)
        {
            context.Warn("unbalanced preempt count",
                $"{context.Name} leaves {frame.Kind} with preempt count {now.PreemptCount}/{now.SoftirqDisableCount}, "
                + $"entered with {then.PreemptCount}/{then.SoftirqDisableCount}");
        }

        // Any IRET opens NMIs, even that of a trap inside an NMI handler.
        then = then.WithNmiBlocked(false).AddPreempt(preemptDelta);
        ControlCell.Commit(then);
        Kernel.Lockdep?.ControlChanged(context, now, then);
        Serialize();
    }

    /// <summary>What the CPU has prefetched is void: an IRET, or another serialising instruction.</summary>
    public event Action? Serialized;

    /// <summary>Part of a step: a serialising instruction (CPUID, IRET to self).</summary>
    public void Serialize()
    {
        SerializeCount++;
        Serialized?.Invoke();
    }

    /// <summary>How often the CPU has serialised.</summary>
    public int SerializeCount { get; private set; }

    /// <summary>Part of a step: a thread of this CPU takes it from whoever could be switched away.</summary>
    /// <param name="context">The thread.</param>
    /// <param name="starts">The CPU was offline; its first instructions run with interrupts off.</param>
    public void Lend(KernelContext context, bool starts)
    {
        CpuControl old = Control;
        _frames.Add(new ContextFrame(ContextKind.Task, context.Process, old));
        CpuControl now = old.WithOwner(context.Process.Number).WithOffline(false);
        ControlCell.Commit(starts ? now.WithIrqs(false) : now);
        Serialize();
    }

    /// <summary>Part of a step: the CPU goes back to whom it was taken from, or offline.</summary>
    public void TakeBack(KernelContext context, bool goesOffline)
    {
        CpuControl then = _frames[^1].Interrupted;
        _frames.RemoveAt(_frames.Count - 1);
        CpuControl now = Control;
        if (now.PreemptCount != then.PreemptCount || now.SoftirqDisableCount != then.SoftirqDisableCount)
        {
            context.Warn("unbalanced preempt count", $"{context.Name} sleeps with preempt count {now.PreemptCount}/{now.SoftirqDisableCount}");
        }

        // Whoever had an unplugged CPU may run wherever it finds one (select_fallback_rq()).
        if (goesOffline && Current is { } task)
        {
            task.Allowed.Commit(ulong.MaxValue);
            task.OnCpu?.Commit(false);
        }

        then = then.WithIrqs(true).WithOffline(goesOffline);
        ControlCell.Commit(goesOffline ? then.WithOwner(0).WithCurrent(0) : then);
        Serialize();
    }

    /// <summary>Part of a step: the task gets the CPU.</summary>
    public void TakeOver(KernelTask task)
    {
        task.OnCpu?.Commit(true);
        ControlCell.Commit(Control.WithOwner(task.Number).WithCurrent(task.Number));
    }

    /// <summary>Part of a step: <c>current</c> changes while the scheduler has the CPU.</summary>
    public void SetCurrent(KernelTask task) => ControlCell.Commit(Control.WithCurrent(task.Number));

    /// <summary>Part of a step: the CPU is idle until somebody else gets it.</summary>
    public void Release(KernelTask task)
    {
        if (ReferenceEquals(Current, task))
        {
            task.OnCpu?.Commit(false);
            ControlCell.Commit(Control.WithOwner(0).WithCurrent(0));
        }
    }
}
