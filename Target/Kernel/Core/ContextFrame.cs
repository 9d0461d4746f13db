namespace KgdbSim.Target.Kernel.Core;

/// <summary>One context on a CPU's stack.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Process">Who runs in it.</param>
/// <param name="Interrupted">What the CPU's control word was when it came; its end restores that.</param>
internal readonly record struct ContextFrame(ContextKind Kind, KernelProcess Process, CpuControl Interrupted);
