using System.Numerics;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// CPUs that leave cpu_online_mask and come back. One that is away holds its guest code and is no longer waited for by kgdb, and
/// kgdb has no slot there; perf's breakpoints keep theirs.
/// </summary>
internal sealed class Hotplug(KgdbHost host, StandingKernel standing)
{
    private ulong _returning;

    /// <summary>Whether a CPU is on its way back: its start routine has not run yet.</summary>
    public bool IsReturning(HostedCpu cpu) => (_returning >> cpu.Cpu.Number & 1) != 0;

    /// <summary>echo 0 > /sys/devices/system/cpu/cpuN/online.</summary>
    public KernelAnswer TakeOff(int number)
    {
        HostedCpu cpu = host.Host.Cpus[number];
        ulong online = host.Host.OnlineMask();
        if ((online >> number & 1) == 0)
        {
            return new KernelAnswer(Errno.NoDevice, $"CPU {number} is not online");
        }

        if (BitOperations.PopCount(online) == 1)
        {
            return new KernelAnswer(Errno.Busy, $"CPU {number} is the last one online");
        }

        if (cpu.Vm.IsWanted)
        {
            return new KernelAnswer(Errno.Busy, $"a virtual machine has CPU {number}; 'kvm leave' first");
        }

        KgdbCore core = host.Kgdb.Core;
        bool isNext = (core.Cpus[number].Roles.Value & ExceptionRoles.WantMaster) != 0 && core.Active.Value != number;
        if (isNext || host.IsWaiting(number))
        {
            return new KernelAnswer(Errno.Busy, $"CPU {number} waits in kgdb with a hit of its own, which comes first");
        }

        standing.Run(number, host.Layer.GoAway);
        cpu.IsUnplugged = true;
        host.Host.UpdateOnline();
        return KernelAnswer.Done;
    }

    /// <summary>echo 1 > online: kgdb's slots are reserved now; the registers are armed by the CPU's start routine.</summary>
    public KernelAnswer BringBack(int number)
    {
        HostedCpu cpu = host.Host.Cpus[number];
        if (!cpu.IsUnplugged)
        {
            bool isOn = (host.Host.OnlineMask() >> number & 1) != 0;
            return new KernelAnswer(isOn ? Errno.Exists : Errno.NoDevice,
                isOn ? $"CPU {number} is online" : $"CPU {number} was never started; that is the guest's to do");
        }

        Errno error = standing.Run(number, host.Layer.Return);
        if (error != Errno.None)
        {
            return new KernelAnswer(error, $"kgdb's breakpoints find no room: {Refusals.Explain(host, error, number, default)}");
        }

        cpu.IsUnplugged = false;
        _returning |= 1UL << number;
        host.Host.Start(cpu);
        return KernelAnswer.Done;
    }

    /// <summary>The start routine: what was removed meanwhile is taken out, what is wanted by now is armed.</summary>
    public ValueTask StartAgain(KernelContext c)
    {
        _returning &= ~(1UL << c.Home.Number);
        return host.Layer.StartAgain(c);
    }
}
