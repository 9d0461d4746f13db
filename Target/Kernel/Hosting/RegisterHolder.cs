using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Who has a debug register of a CPU at this moment.</summary>
/// <param name="Owner">Who; by reference.</param>
/// <param name="Arch">What for.</param>
/// <param name="IsDebuggers">It is kgdb's.</param>
internal readonly record struct RegisterHolder(object Owner, ArchBreakpoint Arch, bool IsDebuggers);
