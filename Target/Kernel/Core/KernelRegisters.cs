namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// The registers of what a trap or interrupt interrupted (struct pt_regs), as far as the models look at them. A simulated
/// processor has all of them; a scenario without one keeps these.
/// </summary>
internal class KernelRegisters
{
    /// <summary>RFLAGS.TF.</summary>
    public const ulong TrapFlag = Cpu.Flags.Tf;

    /// <summary>RFLAGS.IF.</summary>
    public const ulong InterruptFlag = Cpu.Flags.If;

    /// <summary>RFLAGS.RF: the next instruction has no instruction breakpoint.</summary>
    public const ulong ResumeFlag = Cpu.Flags.Rf;

    /// <summary>Where execution goes on.</summary>
    public virtual ulong Ip { get; set; }

    /// <summary>RFLAGS.</summary>
    public virtual ulong Flags { get; set; } = InterruptFlag | 2;

    /// <summary>CPL 3 was interrupted.</summary>
    public virtual bool IsUserMode { get; set; }
}
