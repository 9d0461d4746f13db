using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Scheduling.Steps;

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

        ForEachEntry(number, (c, bp) => Holds(bp, number) ? host.Perf.Slots.DbgRelease(c, bp) : ValueTask.FromResult(Errno.None));
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

        Errno error = ForEachEntry(number, (c, bp) => host.Perf.Slots.DbgReserve(c, bp));
        if (error != Errno.None)
        {
            ForEachEntry(number, (c, bp) => Holds(bp, number) ? host.Perf.Slots.DbgRelease(c, bp) : ValueTask.FromResult(Errno.None));
            return new KernelAnswer(error, $"kgdb's breakpoints find no room: {Refusals.Explain(host, error, number, default)}");
        }

        cpu.IsUnplugged = false;
        _returning |= 1UL << number;
        host.Host.Start(cpu);
        return KernelAnswer.Done;
    }

    /// <summary>The start routine: what kgdb had removed meanwhile is taken out, what it wants by now and what perf wants is armed.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask StartAgain(KernelContext c)
    {
        _returning &= ~(1UL << c.Home.Number);
        HardwareBreakpoints hardware = host.Kgdb.Hardware!;
        await hardware.DisableHere(c);
        await hardware.CorrectHere(c);
    }

    private bool Holds(PerfBreakpoint bp, int cpu) => host.Perf.Slots.Holders(cpu).Contains(bp);

    /// <summary>Does something to kgdb's events of the CPU that are wanted, up to the first error.</summary>
    private Errno ForEachEntry(int number, Func<KernelContext, PerfBreakpoint, ValueTask<Errno>> action) => standing.Run(number, async c =>
    {
        HardwareBreakpoints hardware = host.Kgdb.Hardware!;
        for (int i = 0; i < Dr7Encoding.RegisterCount && host.Kgdb.Core.Options.Form.ReservesSlots; i++)
        {
            if (!hardware.Entry(i).IsEnabled || hardware.Events.Of(i, number) is not { } bp)
            {
                continue;
            }

            Errno error = await action(c, bp);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    });
}
