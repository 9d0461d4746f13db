using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>Which value of DR7 a handler that zeroed it writes when it returns.</summary>
internal enum Dr7OnExit : byte
{
    /// <summary>The one it saved on entry (local_db_restore@6.1): what changed meanwhile is undone.</summary>
    Saved,

    /// <summary>The CPU's software copy: what changed meanwhile stays.</summary>
    Current,
}

/// <summary>How the trap path of a modelled kernel is configured.</summary>
internal sealed record TrapOptions
{
    public KernelVersion Version { get; init; } = KernelVersion.Linux61;

    /// <summary>What the exits of #DB and NMI do with DR7.</summary>
    public Dr7OnExit Dr7OnExit { get; init; }

    /// <summary>nmi_state: an NMI that comes while one is handled waits for it. Only 6.1 has it.</summary>
    public bool HasNmiLatch { get; init; } = true;

    /// <summary>Whether each CPU has an NMI line that <see cref="TrapPath.SendNmi"/> raises.</summary>
    public bool HasNmiLines { get; init; }

    /// <summary>From and up to: a single step reported in there leaked in from user mode (the SYSENTER entry of 32-bit tasks).</summary>
    public (ulong From, ulong To) SysenterEntry { get; init; }

    /// <summary>How many traps <see cref="TrapPath.Events"/> remembers; a power of two.</summary>
    public int EventCapacity { get; init; } = 64;

    /// <summary>What an asynchronous interrupt on a CPU interrupts, or null: registers of the model's own.</summary>
    public Func<KernelCpu, KernelRegisters>? RegistersOf { get; init; }

    /// <summary>do_debug() of 2.6.30 sends its signal though hw_breakpoint's handler has swallowed the hit.</summary>
    public bool SignalsSwallowedHits { get; init; }

    /// <summary>Whose copies of the debug registers the entry code looks at, or null where no model keeps any.</summary>
    public PerfBreakpoints? Breakpoints { get; init; }
}
