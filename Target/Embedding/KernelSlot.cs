namespace KgdbSim.Target.Embedding;

/// <summary>A debug register of a CPU that somebody was promised.</summary>
/// <param name="Owner">Who: "kgdb[0]", the name of a perf breakpoint, "guest/2.ptrace0".</param>
/// <param name="Address">What is watched.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Kind">For what.</param>
/// <param name="Register">
/// The register it is in, or null: in none, since it waits for the CPU to leave kgdb, is disabled, or somebody else is in it.
/// </param>
/// <param name="HitCount">Hits counted on this CPU.</param>
public sealed record KernelSlot(string Owner, ulong Address, int Length, KernelBreakpointKind Kind, int? Register, long HitCount);
