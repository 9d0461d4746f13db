using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>What a CPU's debug registers will hold once it has left the debugger.</summary>
internal static class ResumeForecast
{
    /// <summary>The registers: what is armed now, if the CPU isn't in the debugger; else what the kernel and kgdb want.</summary>
    /// <param name="host">The kernel.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="addresses">Receives DR0 to DR3.</param>
    /// <returns>DR7.</returns>
    public static ulong Of(KgdbHost host, int cpu, Span<ulong> addresses)
    {
        HostedCpu hosted = host.Host.Cpus[cpu];
        bool isReturning = host.Users.Hotplug.IsReturning(hosted);
        return host.Kgdb.Core.Cpus[cpu].EnterCount.Value == 0 && !isReturning
            ? Hardware(hosted, addresses)
            : host.Layer.AtResume(cpu, isReturning, addresses);
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
}
