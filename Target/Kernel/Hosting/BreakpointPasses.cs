using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// CPUs that the processor's RF is to take past a breakpoint of the debugger's which they have hit and not executed yet: each has left
/// kgdb for that, and may be held. If the debugger has removed the breakpoint meanwhile, one that it inserts there afterwards is another,
/// which RF must not hide.
/// </summary>
internal sealed class BreakpointPasses(KgdbHost host, int cpuCount)
{
    private readonly ulong?[] _places = new ulong?[cpuCount];

    /// <summary>A CPU is about to leave the handler of a trap that the debugger was told of; its registers are armed.</summary>
    public void Note(HostedCpu cpu)
    {
        _places[cpu.Cpu.Number] = (cpu.Registers.Flags & KernelRegisters.ResumeFlag) != 0 ? cpu.Registers.Ip : null;
        EndIfVoid(cpu);
    }

    /// <summary>The debugger has removed a breakpoint, or all: the others' registers are as they were, its own are empty.</summary>
    /// <param name="address">Where; null: everywhere.</param>
    public void Forget(ulong? address)
    {
        foreach (HostedCpu cpu in host.Host.Cpus)
        {
            if (address is null || _places[cpu.Cpu.Number] == address)
            {
                EndIfVoid(cpu);
            }
        }
    }

    private void EndIfVoid(HostedCpu cpu)
    {
        int number = cpu.Cpu.Number;
        if (_places[number] != cpu.Registers.Ip || IsNeeded(cpu, cpu.Registers.Ip))
        {
            return;
        }

        cpu.Registers.Flags &= ~KernelRegisters.ResumeFlag;
        _places[number] = null;
    }

    /// <summary>Somebody has a breakpoint in a register for that instruction.</summary>
    private bool IsNeeded(HostedCpu cpu, ulong address)
    {
        bool isNeeded = false;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            isNeeded |= host.Layer.Holder(cpu, n) is { Arch: { TypeCode: ArchBreakpoint.Execute } arch } && arch.Address == address;
        }

        return isNeeded;
    }
}
