using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Somebody's breakpoint, on one CPU or several.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Attributes">What was asked for.</param>
/// <param name="PerCpu">One for each CPU it is on.</param>
/// <param name="Samples">Its latest hits; null if it only counts them.</param>
internal sealed record BreakpointUser(
    string Name, BreakpointAttributes Attributes, IReadOnlyList<PerfBreakpoint> PerCpu, PerfSamples? Samples)
{
    /// <summary>Hits on all its CPUs together.</summary>
    public long HitCount => PerCpu.Sum(static bp => bp.Count.Value);
}
