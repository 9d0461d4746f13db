using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>What a context does to its CPU's control word.</summary>
internal enum ControlAction : byte
{
    PreemptDisable,
    PreemptEnable,
    IrqDisable,
    IrqEnable,
    SoftirqDisable,
    SoftirqEnable,
    QuiescentBegin,
    QuiescentEnd,
    ServeSoftirqs,
    ServedSoftirqs,

    /// <summary>As <see cref="ServeSoftirqs"/> when a hardirq ends: it counts as over (irq_exit() before invoke_softirq()).</summary>
    ServeSoftirqsOnExit,
    ServedSoftirqsOnExit,
}

/// <summary>Changes the control word of the context's CPU; yields whether interrupts were enabled before.</summary>
internal readonly struct ControlChange(ControlAction action) : IAtomicOperation<bool>
{
    static StepNature IAtomicOperation<bool>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public bool Execute(StepContext context)
    {
        KernelContext kernel = (KernelContext)context;
        CpuControl old = kernel.Home.Control;
        if (!Check(kernel, old))
        {
            return old.IrqsEnabled;
        }

        kernel.Home.SetControl(kernel, action switch
        {
            ControlAction.PreemptDisable => old.AddPreempt(1),
            ControlAction.PreemptEnable => old.AddPreempt(-1),
            ControlAction.IrqDisable => old.WithIrqs(false),
            ControlAction.IrqEnable => old.WithIrqs(true),
            ControlAction.SoftirqDisable => old.AddSoftirqDisable(1),
            ControlAction.SoftirqEnable => old.AddSoftirqDisable(-1),
            ControlAction.QuiescentBegin => old.WithQuiescent(true),
            ControlAction.QuiescentEnd => old.WithQuiescent(false),
            ControlAction.ServeSoftirqs => old.WithServingSoftirq(true).WithIrqs(true),
            ControlAction.ServedSoftirqs => old.WithServingSoftirq(false).WithIrqs(false),
            ControlAction.ServeSoftirqsOnExit => old.AddHardirq(-1).WithServingSoftirq(true).WithIrqs(true),
            _ => old.AddHardirq(1).WithServingSoftirq(false).WithIrqs(false),
        }, action);
        return old.IrqsEnabled;
    }

    private bool Check(KernelContext kernel, CpuControl old)
    {
        string? unbalanced = action switch
        {
            ControlAction.PreemptEnable when old.PreemptCount == 0 => "preempt_enable without preempt_disable",
            ControlAction.SoftirqEnable when old.SoftirqDisableCount == 0 => "local_bh_enable without local_bh_disable",
            _ => null,
        };
        if (action == ControlAction.SoftirqDisable && old.HardirqDepth != 0)
        {
            kernel.Warn("local_bh_disable in hardirq", $"{kernel.Name} disables softirqs in a hardirq: enabling them would run them there");
        }

        if (unbalanced is not null)
        {
            kernel.Warn("unbalanced preempt count", $"{kernel.Name}: {unbalanced}");
        }

        return unbalanced is null;
    }
}
