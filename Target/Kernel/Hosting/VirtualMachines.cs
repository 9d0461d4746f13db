using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>KVM's use of the CPUs: while a virtual machine has one, the host's breakpoints are off there.</summary>
internal sealed class VirtualMachines(KgdbHost host, StandingKernel standing)
{
    /// <summary>A virtual machine has the CPU from when it is next resumed.</summary>
    public KernelAnswer Enter(int cpu)
    {
        HostedCpu on = host.Host.Cpus[cpu];
        if ((host.Host.OnlineMask() >> cpu & 1) == 0)
        {
            return new KernelAnswer(Errno.NoDevice, $"CPU {cpu} is not online");
        }

        if (on.Vm.IsWanted)
        {
            return new KernelAnswer(Errno.Busy, $"a virtual machine has CPU {cpu} already");
        }

        if (host.Layer.Perf is not { } perf)
        {
            return new KernelAnswer(Errno.NotSupported,
                $"how KVM of Linux {host.Version.Name} shares debug registers is not modelled; of {RegisterLayers.NamesWithPerf} it is");
        }

        on.Vm.Begin(perf);
        host.Host.IsActive = true;
        return KernelAnswer.Done;
    }

    /// <summary>It has it no more; what the host wants is in the registers again, or will be when the CPU leaves the debugger.</summary>
    public KernelAnswer Leave(int cpu)
    {
        HostedCpu on = host.Host.Cpus[cpu];
        if (!on.Vm.IsWanted)
        {
            return new KernelAnswer(Errno.NoEntry, $"no virtual machine has CPU {cpu}");
        }

        standing.Run(cpu, c =>
        {
            on.Vm.End(c);
            return ValueTask.FromResult(Errno.None);
        });
        return KernelAnswer.Done;
    }
}
