using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.DieNotifier;

/// <summary>What die notifiers are told (struct die_args). One per trap and CPU, reused.</summary>
internal sealed class DieArgs
{
    /// <summary>What was interrupted.</summary>
    public KernelRegisters Registers { get; set; } = null!;

    /// <summary>
    /// For <see cref="DieCode.Debug"/>: the copy of DR6 that all handlers share, positive polarity (1: happened). Whoever consumes
    /// a cause clears its bit.
    /// </summary>
    public ulong Dr6 { get; set; }

    /// <summary>Whether <see cref="Dr6"/> was handed over at all (die_args.err is a pointer to it).</summary>
    public bool HasDr6 { get; set; }

    /// <summary>As notify_die was told: 3 for int3, 0 for a debug exception.</summary>
    public int TrapNumber { get; set; }

    /// <summary>The signal that goes with it.</summary>
    public int Signal { get; set; }
}
