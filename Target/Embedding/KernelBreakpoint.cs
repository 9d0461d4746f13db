namespace KgdbSim.Target.Embedding;

/// <summary>A perf user's breakpoint.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Address">What is watched.</param>
/// <param name="Length">Bytes; 8 for execution.</param>
/// <param name="Kind">For what.</param>
/// <param name="Cpus">On which CPUs.</param>
/// <param name="HitCount">Hits counted so far, on all of them.</param>
public sealed record KernelBreakpoint(
    string Name, ulong Address, int Length, KernelBreakpointKind Kind, IReadOnlyList<int> Cpus, long HitCount);
