using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>In which form a hosted kernel and its debugger are: all that its version and single defects decide.</summary>
internal sealed record HostedForm
{
    /// <summary>Which kernel.</summary>
    public required KernelVersion Version { get; init; }

    /// <summary>
    /// Which of kgdb's defects it has. CPUs that aren't resumed leave kgdb too, and only their guest code is held: so from the kernel's view
    /// the others always run during a step.
    /// </summary>
    public KgdbDefects Defects { get; init; } = KgdbDefects.OthersRunWhileStepping;

    /// <summary>Which of kgdb's cures are taken out.</summary>
    public KgdbCures Without { get; init; }

    /// <summary>kgdb's form of that time.</summary>
    public required KgdbForm Kgdb { get; init; }

    /// <summary>Where no breakpoint may be, whoever hands out registers.</summary>
    public IReadOnlyList<AddressRange> Forbidden { get; init; } = [];

    /// <summary>perf's breakpoints, where the kernel has them.</summary>
    public PerfBreakpointOptions Perf { get; init; } = new();

    /// <summary>The interface of June 2009, where the kernel has that.</summary>
    public InterfaceForm Interface { get; init; } = InterfaceForm.Cured;

    /// <summary>do_debug() sends its signal though hw_breakpoint's handler has swallowed the hit (2.6.30).</summary>
    public bool SignalsSwallowedHits { get; init; }

    /// <summary>The default face of a kernel's debugger.</summary>
    public static HostedForm Of(KernelVersion version) => new()
    {
        Version = version, Kgdb = Reserving(KgdbForm.Of(version)), Perf = PerfOf(version),
    };

    /// <summary>Defects more, and what follows from them outside kgdb.</summary>
    public HostedForm With(KgdbDefects defects)
    {
        bool isStale = defects.HasFlag(KgdbDefects.StaleDr7OnExit);
        bool reserves = defects.HasFlag(KgdbDefects.SkipsAccounting) ? KgdbForm.Of(Version).ReservesSlots : Kgdb.ReservesSlots;
        HandlerForm handler = Perf.Handler with
        {
            RestoresWantedDr7 = Perf.Handler.RestoresWantedDr7 && !isStale,
            RequiresActiveState = Perf.Handler.RequiresActiveState || defects.HasFlag(KgdbDefects.PerfStateCheck),
        };
        return this with
        {
            Defects = Defects | defects,
            Kgdb = Kgdb with { ReservesSlots = reserves },
            Perf = Perf with { Handler = handler },
            Interface = Interface with { RecomputesDr7 = Interface.RecomputesDr7 && !isStale },
        };
    }

    /// <summary>kgdb takes slots before it uses them, though it began to do so in mid 2010 only.</summary>
    private static KgdbForm Reserving(KgdbForm form) => form with { ReservesSlots = true };

    /// <summary>How that kernel counts slots and handles hits; with kgdb's change of January 2010 where kgdb has its form of then.</summary>
    private static PerfBreakpointOptions PerfOf(KernelVersion version) => version switch
    {
        KernelVersion.Linux61 => new PerfBreakpointOptions(),
        KernelVersion.Linux2635 => new PerfBreakpointOptions { Handler = HandlerForm.E0e53db with { RestoresWantedDr7 = true } },
        _ => new PerfBreakpointOptions { Handler = HandlerForm.KgdbAsPosted, HasHistograms = false },
    };
}
