using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Somebody who was promised a debug register of a CPU, or believes to have one.</summary>
/// <param name="Name">Who, without the CPU.</param>
/// <param name="Wanted">What is watched.</param>
/// <param name="Register">The register it is in, or null.</param>
/// <param name="HitCount">Hits counted on that CPU.</param>
internal readonly record struct SlotHolder(string Name, BreakpointAttributes Wanted, int? Register, long HitCount);
