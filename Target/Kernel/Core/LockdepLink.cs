using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// Tells lockdep what the modelled kernel does: locks taken and released, interrupts and softirqs switched. What it finds is a
/// violation, or is only recorded where the options say so.
/// </summary>
/// <remarks>
/// Its knowledge is no cell. It only ever grows within a run, and whether a report comes of it doesn't depend on the order of
/// events on different CPUs, so steps that feed it need not count as conflicting.
/// </remarks>
internal sealed class LockdepLink
{
    private readonly KernelModel _kernel;
    private readonly HeldLocks[] _idle;
    private readonly Dictionary<int, HeldLocks> _tasks = [];
    private readonly Dictionary<string, CallSite> _sites = new(StringComparer.Ordinal);
    private ulong _lockCount;
    private bool _told;

    public LockdepLink(KernelModel kernel)
    {
        _kernel = kernel;
        State = new LockdepState(kernel.Options.Lockdep);
        _idle = new HeldLocks[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _idle.Length; cpu++)
        {
            _idle[cpu] = State.AddTask("swapper", 0);
        }
    }

    /// <summary>The engine: its classes and its report.</summary>
    public LockdepState State { get; }

    /// <summary>An address for a new lock.</summary>
    public ulong NextLockAddress() => 0xFFFF_8880_0000_0000 + 0x40 * _lockCount++;

    /// <summary>A lock is about to be waited for, or a trylock succeeded.</summary>
    public void Acquire(KernelContext c, in LockRequest request)
    {
        State.Acquire(TaskOf(c), request, ContextOf(c.Control, c.Home.Number), SiteOf(c));
        Tell(c);
    }

    /// <summary>A lock is about to be given up.</summary>
    public void Release(KernelContext c, LockClass lockClass, ulong address)
    {
        State.Release(TaskOf(c), lockClass, address, ContextOf(c.Control, c.Home.Number), SiteOf(c));
        Tell(c);
    }

    /// <summary>A task has ended.</summary>
    public void TaskExits(KernelContext c)
    {
        State.TaskExits(TaskOf(c), ContextOf(c.Control, c.Home.Number), SiteOf(c));
        Tell(c);
    }

    /// <summary>The control word of the context's CPU has changed.</summary>
    public void ControlChanged(KernelContext c, CpuControl old, CpuControl now)
    {
        int cpu = c.Home.Number;
        HeldLocks task = TaskOf(c);
        if (old.IrqsEnabled && !now.IrqsEnabled)
        {
            State.HardirqsOff(task, ContextOf(old, cpu), SiteOf(c));
        }

        if (old.SoftirqsEnabled && !now.SoftirqsEnabled)
        {
            State.SoftirqsOff(task, ContextOf(old, cpu) with { HardirqsEnabled = old.IrqsEnabled && now.IrqsEnabled }, SiteOf(c));
        }

        bool irqs = old.IrqsEnabled && now.IrqsEnabled;
        if (!old.SoftirqsEnabled && now.SoftirqsEnabled)
        {
            State.SoftirqsOn(task, ContextOf(now, cpu) with { SoftirqsEnabled = false, HardirqsEnabled = irqs }, SiteOf(c));
        }

        if (!old.IrqsEnabled && now.IrqsEnabled)
        {
            State.HardirqsOn(task, ContextOf(now, cpu) with { HardirqsEnabled = false }, SiteOf(c));
        }

        Tell(c);
    }

    private static CpuContext ContextOf(CpuControl control, int cpu) => new()
    {
        Cpu = cpu,
        InHardirq = control.HardirqDepth != 0,
        HardirqCount = control.HardirqDepth,
        InSoftirq = control.ServingSoftirq,
        SoftirqCount = control.SoftirqDisableCount + (control.ServingSoftirq ? 1 : 0),
        InNmi = control.InNmi,
        HardirqsEnabled = control.IrqsEnabled,
        SoftirqsEnabled = control.SoftirqsEnabled,
    };

    private HeldLocks TaskOf(KernelContext c)
    {
        if (c.Current is not { } task)
        {
            return _idle[c.Home.Number];
        }

        if (!_tasks.TryGetValue(task.Number, out HeldLocks? held))
        {
            held = State.AddTask(task.Comm, task.Pid);
            _tasks.Add(task.Number, held);
        }

        return held;
    }

    private CallSite SiteOf(KernelContext c)
    {
        if (c.Site is { } site)
        {
            return site;
        }

        string text = c.CurrentLine ?? c.Name;
        if (!_sites.TryGetValue(text, out CallSite? made))
        {
            made = CallSite.In(text, 0, 0x10, 0xFFFF_FFFF_8100_0000 + 0x100 * (ulong)_sites.Count);
            _sites.Add(text, made);
        }

        return made;
    }

    private void Tell(KernelContext c)
    {
        if (State.Report is not { } report || _told)
        {
            return;
        }

        _told = true;
        if (!_kernel.Options.LockdepOnlyRecords)
        {
            c.Fail($"lockdep: {report.Kind}", report.Summary + "\n" + report.Text);
        }
    }
}
