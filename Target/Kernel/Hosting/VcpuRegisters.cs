using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>The registers of the guest code that a modelled kernel interrupted: the processor's own, since nothing was pushed.</summary>
internal sealed unsafe class VcpuRegisters(Vcpu cpu) : KernelRegisters
{
    /// <summary>
    /// Whether code of the guest at privilege level 3 counts as user mode, which a debugger in the kernel does not look at. Without,
    /// all of the guest is the kernel's code.
    /// </summary>
    public bool SeesUserMode { get; set; } = true;

    public override ulong Ip
    {
        get => cpu.Core.State->Rip;
        set
        {
            cpu.Core.State->Rip = value;
            cpu.Core.State->Repeating = 0;
        }
    }

    public override ulong Flags
    {
        get => cpu.Core.State->Rflags;
        set => cpu.Core.SetRflags(value);
    }

    /// <summary>DR6 as the processor has it.</summary>
    public ulong Dr6 => cpu.Core.State->Dr6;

    public override bool IsUserMode
    {
        get => SeesUserMode && cpu.Core.State->Cpl == 3;
        set => throw new InvalidOperationException("A processor's privilege level is not the kernel's to say.");
    }
}
