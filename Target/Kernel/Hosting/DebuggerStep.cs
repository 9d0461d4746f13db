using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>The single step that the debugger has asked for: the trap flag is the processor's means, and may be the guest's as well.</summary>
internal sealed class DebuggerStep
{
    private HostedCpu? _cpu;

    /// <summary>The CPU that makes it, or -1.</summary>
    public int Cpu => _cpu?.Cpu.Number ?? -1;

    /// <summary>The guest had set the flag itself: the trap is for both, and the flag is not taken away.</summary>
    public bool IsGuestsToo { get; private set; }

    /// <summary>The CPU is to make one.</summary>
    public void Begin(HostedCpu cpu)
    {
        _cpu = cpu;
        IsGuestsToo = (cpu.Registers.Flags & KernelRegisters.TrapFlag) != 0;
        cpu.Registers.Flags |= KernelRegisters.TrapFlag;
    }

    /// <summary>It has made it, or the debugger has come for something else.</summary>
    public void End()
    {
        TakeFlagAway();
        _cpu = null;
    }

    /// <summary>The guest is about to get what it would have had without a step.</summary>
    public void TakeFlagAway()
    {
        if (_cpu is not null && !IsGuestsToo)
        {
            _cpu.Registers.Flags &= ~KernelRegisters.TrapFlag;
        }
    }

    /// <summary>Whether a #DB of the CPU, as DR6 tells of it, is the step's end.</summary>
    public bool EndsWith(HostedCpu cpu) => ReferenceEquals(cpu, _cpu) && (cpu.Registers.Dr6 & Dr6Bits.SingleStep) != 0;
}
