using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// An overflow handler that only writes down where the hit was (perf_event_output_forward): takes no step, no lock, and waits for
/// nobody, so a debug exception can be dismissed on the spot.
/// </summary>
internal interface ISampler
{
    /// <summary>Part of a step: a hit has been counted.</summary>
    /// <param name="cpu">Where; interrupts are off.</param>
    /// <param name="bp">Whose hit; its count has this one in it.</param>
    /// <param name="registers">What was interrupted.</param>
    void Sample(KernelCpu cpu, PerfBreakpoint bp, KernelRegisters registers);
}
