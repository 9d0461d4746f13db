using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Somebody in the kernel who has a breakpoint on all CPUs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Attributes">What was asked for.</param>
/// <param name="Breakpoint">What the interface has.</param>
internal sealed record KernelUser(string Name, BreakpointAttributes Attributes, HardwareBreakpoint Breakpoint)
{
    /// <summary>Hits on all CPUs together.</summary>
    public long HitCount => Breakpoint.HitCounts!.Sum();
}
