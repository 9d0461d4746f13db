namespace KgdbSim.Target.Kernel.Core;

/// <summary>What sort of context a CPU is in; several can be stacked.</summary>
internal enum ContextKind : byte
{
    /// <summary>A task: may sleep, may be interrupted.</summary>
    Task,

    /// <summary>Work deferred by an interrupt; runs with interrupts on, not stacked on itself.</summary>
    Softirq,

    /// <summary>A device interrupt, timer or IPI; interrupts are off.</summary>
    Hardirq,

    /// <summary>A non-maskable interrupt; blocked until the next IRET.</summary>
    Nmi,

    /// <summary>A machine check: like an NMI, and can interrupt one.</summary>
    MachineCheck,

    /// <summary>#BP: the handler of an int3.</summary>
    Breakpoint,

    /// <summary>#DB: the handler of a debug exception.</summary>
    Debug,
}
