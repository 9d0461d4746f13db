namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// Where a CPU is when it calls lockdep. The caller owns and updates it; lockdep believes it, as the kernel's lockdep believes
/// what the entry code told it (current->hardirq_context and so on@2.6.30, per-CPU variables@6.1).
/// </summary>
internal readonly record struct CpuContext
{
    /// <summary>Task context, interrupts and softirqs enabled.</summary>
    public static CpuContext Task { get; } = new() { HardirqsEnabled = true, SoftirqsEnabled = true };

    /// <summary>The CPU's number, from 0.</summary>
    public int Cpu { get; init; }

    /// <summary>Whether a hardware interrupt's handler runs.</summary>
    public bool InHardirq { get; init; }

    /// <summary>The hardirq field of the preempt count.</summary>
    public int HardirqCount { get; init; }

    /// <summary>Whether a softirq's handler runs and no hardirq above it changed the owner.</summary>
    public bool InSoftirq { get; init; }

    /// <summary>The softirq field of the preempt count: also counts disabled bottom halves.</summary>
    public int SoftirqCount { get; init; }

    /// <summary>Whether an NMI's handler runs.</summary>
    public bool InNmi { get; init; }

    /// <summary>IF, as lockdep was told.</summary>
    public bool HardirqsEnabled { get; init; }

    /// <summary>Whether softirqs may run on return from an interrupt, as lockdep was told.</summary>
    public bool SoftirqsEnabled { get; init; }

    /// <summary>Dependencies are only drawn between locks of equal context (separate_irq_context()@2.6.30, task_irq_context()@6.1).</summary>
    internal int ChainContext => (InHardirq ? 2 : 0) + (InSoftirq ? 1 : 0);

    /// <summary>"[HC0[0]:SC1[1]:HE1:SE0]".</summary>
    internal string Text =>
        $"[HC{(InHardirq ? 1 : 0)}[{HardirqCount}]:SC{(InSoftirq ? 1 : 0)}[{SoftirqCount}]"
        + $":HE{(HardirqsEnabled ? 1 : 0)}:SE{(SoftirqsEnabled ? 1 : 0)}]";
}
