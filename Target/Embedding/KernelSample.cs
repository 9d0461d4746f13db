namespace KgdbSim.Target.Embedding;

/// <summary>One hit of a perf user's breakpoint.</summary>
/// <param name="Cpu">On which CPU.</param>
/// <param name="Rip">Behind the instruction that accessed data, or at the one that was about to be executed.</param>
/// <param name="Number">The user's how manyth hit on this CPU, from 1.</param>
public readonly record struct KernelSample(int Cpu, ulong Rip, long Number);
