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
        if (host.Kgdb.Core.Cpus[cpu].EnterCount.Value == 0 && !host.Users.Hotplug.IsReturning(hosted))
        {
            return Hardware(hosted, addresses);
        }

        bool[] isTaken = new bool[Dr7Encoding.RegisterCount];
        for (int n = 0; n < isTaken.Length; n++)
        {
            addresses[n] = wanted.Addresses[n].Value;
            isTaken[n] = wanted.Slots[n].Value is not null;
        }

        return Add(host, cpu, wanted.Dr7.Value, addresses, isTaken) | DebugRegisterFile.Dr7Reset;
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

    /// <summary>Each breakpoint of kgdb that isn't installed takes the first free register.</summary>
    private static ulong Add(KgdbHost host, int cpu, ulong dr7, Span<ulong> addresses, bool[] isTaken)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = host.Kgdb.Hardware!.Entry(i);
            int free = Array.IndexOf(isTaken, false);
            if (entry.IsEnabled && free >= 0 && host.Kgdb.Hardware.Events.Of(i, cpu) is { IsDisabled: true })
            {
                isTaken[free] = true;
                addresses[free] = entry.Arch.Address;
                dr7 |= Dr7Encoding.Encode(free, entry.Arch.LengthCode, entry.Arch.TypeCode);
            }
        }

        return dr7;
    }
}
