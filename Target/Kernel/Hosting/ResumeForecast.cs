using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>What a CPU's debug registers will hold once it has left the debugger (kgdb_correct_hw_break, hw_breakpoint_restore).</summary>
internal static class ResumeForecast
{
    /// <summary>The registers: what is armed now, if the CPU isn't in the debugger; else what the kernel wants plus what kgdb adds.</summary>
    /// <param name="host">The kernel.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="addresses">Receives DR0 to DR3.</param>
    /// <returns>DR7.</returns>
    public static ulong Of(KgdbHost host, int cpu, Span<ulong> addresses)
    {
        HostedCpu hosted = host.Host.Cpus[cpu];
        CpuBreakpoints wanted = host.Perf.Cpu(cpu);
        bool isReturning = host.Users.Hotplug.IsReturning(hosted);
        if (host.Kgdb.Core.Cpus[cpu].EnterCount.Value == 0 && !isReturning)
        {
            return Hardware(hosted, addresses);
        }

        bool[] isTaken = new bool[Dr7Encoding.RegisterCount];
        ulong dr7 = wanted.Dr7.Value;
        for (int n = 0; n < isTaken.Length; n++)
        {
            addresses[n] = wanted.Addresses[n].Value;
            PerfBreakpoint? bp = wanted.Slots[n].Value;
            isTaken[n] = bp is not null && !(isReturning && IsKgdbs(host, cpu, bp));
            if (bp is not null && !isTaken[n])
            {
                // From before the CPU went away: its start routine takes it out first.
                ArchBreakpoint old = bp.Arch.Value;
                dr7 &= ~Dr7Encoding.Field(n, old.LengthCode, old.TypeCode);
            }
        }

        return Add(host, cpu, dr7, addresses, isTaken) | DebugRegisterFile.Dr7Reset;
    }

    /// <summary>What the processor has.</summary>
    public static unsafe ulong Hardware(HostedCpu cpu, Span<ulong> addresses)
    {
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            addresses[n] = cpu.Vcpu.Core.State->Dr[n];
        }

        return cpu.Vcpu.Core.State->Dr7;
    }

    private static bool IsKgdbs(KgdbHost host, int cpu, PerfBreakpoint bp)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            if (ReferenceEquals(host.Kgdb.Hardware!.Events.Of(i, cpu), bp))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Each breakpoint of kgdb that isn't installed takes the first free register.</summary>
    private static ulong Add(KgdbHost host, int cpu, ulong dr7, Span<ulong> addresses, bool[] isTaken)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = host.Kgdb.Hardware!.Entry(i);
            int free = Array.IndexOf(isTaken, false);
            PerfBreakpoint? bp = host.Kgdb.Hardware.Events.Of(i, cpu);
            bool isOut = bp is not null && (bp.IsDisabled || host.Users.Hotplug.IsReturning(host.Host.Cpus[cpu]));
            if (entry.IsEnabled && free >= 0 && isOut)
            {
                isTaken[free] = true;
                addresses[free] = entry.Arch.Address;
                dr7 |= Dr7Encoding.Encode(free, entry.Arch.LengthCode, entry.Arch.TypeCode);
            }
        }

        return dr7;
    }
}
