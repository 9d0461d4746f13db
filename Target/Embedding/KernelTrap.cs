namespace KgdbSim.Target.Embedding;

/// <summary>A trap of a <see cref="SimulatedKernel"/>, and who did what about it.</summary>
/// <param name="Sequence">Number from 0, over all CPUs.</param>
/// <param name="Cpu">Where.</param>
/// <param name="Kind">"int3", "debug", "nmi" or "oops".</param>
/// <param name="Rip">The instruction pointer that was saved.</param>
/// <param name="Dr6">For a debug exception, its causes: 1 means it happened.</param>
/// <param name="Lookers">Who looked at it, in order, with the notifier's answer: "NOTIFY_STOP".</param>
/// <param name="Consumer">Who took it, or null.</param>
/// <param name="Verdict">"consumed", "ignored", "signal", "oops", "latched"; "pending" while its handler runs.</param>
public sealed record KernelTrap(
    long Sequence, int Cpu, string Kind, ulong Rip, ulong Dr6, IReadOnlyList<KernelLook> Lookers, string? Consumer, string Verdict);

/// <summary>Somebody was asked about a trap.</summary>
/// <param name="Name">Who.</param>
/// <param name="Answer">"NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_STOP" or "NOTIFY_BAD".</param>
public readonly record struct KernelLook(string Name, string Answer);
