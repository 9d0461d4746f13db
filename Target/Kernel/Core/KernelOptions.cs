using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>Whether tasks in the kernel can be preempted.</summary>
internal enum PreemptionModel : byte
{
    /// <summary>CONFIG_PREEMPT_NONE: a task in the kernel keeps its CPU until it sleeps.</summary>
    None,

    /// <summary>CONFIG_PREEMPT: it loses it wherever nothing forbids.</summary>
    Full,
}

/// <summary>What kernel is modelled, and on how many CPUs.</summary>
internal sealed record KernelOptions
{
    /// <summary>Processors, all of them online at first, 1 to 64.</summary>
    public int CpuCount { get; init; } = 2;

    /// <summary>Whether tasks can be preempted.</summary>
    public PreemptionModel Preemption { get; init; }

    /// <summary>Whether CPUs can send each other function calls; each then has a source of interrupts more.</summary>
    public bool HasIpis { get; init; } = true;

    /// <summary>Whether CPUs prefetch kernel text and keep old bytes until they serialise; never in inline mode.</summary>
    public bool HasPrefetch { get; init; }

    /// <summary>Whether lock use is watched by lockdep.</summary>
    public bool HasLockdep { get; init; }

    /// <summary>Whose lockdep: rules and wording of its reports.</summary>
    public LockdepOptions Lockdep { get; init; } = new(LockdepFormat.Linux2630, "2.6.30-rc4-tip.hbkpt", "#31");

    /// <summary>What lockdep finds is kept for who asks, and is no violation.</summary>
    public bool LockdepOnlyRecords { get; init; }

    /// <summary>CONFIG_DEBUG_SPINLOCK: a lock taken twice on a CPU is reported, instead of being a deadlock.</summary>
    public bool HasSpinlockDebug { get; init; }

    /// <summary>CPUs that are there but not online at first, bit n for CPU n.</summary>
    public ulong OfflineCpus { get; init; }
}
