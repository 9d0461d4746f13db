namespace KgdbSim.Target.Embedding;

/// <summary>A breakpoint of a perf user's, or of the kernel itself.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Address">What is watched.</param>
/// <param name="Length">Bytes; for execution 8 with perf, else 1.</param>
/// <param name="Kind">For what.</param>
/// <param name="Cpus">On which CPUs.</param>
/// <param name="HitCount">Hits counted so far, on all of them.</param>
public sealed record KernelBreakpoint(
    string Name, ulong Address, int Length, KernelBreakpointKind Kind, IReadOnlyList<int> Cpus, long HitCount);
