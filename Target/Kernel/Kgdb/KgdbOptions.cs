namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>How the debugger of a modelled kernel is configured.</summary>
internal sealed record KgdbOptions
{
    public KgdbForm Form { get; init; } = KgdbForm.Linux61;

    /// <summary>Which of Linux 6.1's defects it has.</summary>
    public KgdbDefects Defects { get; init; }

    /// <summary>Which of its cures are taken out.</summary>
    public KgdbCures Without { get; init; }

    /// <summary>CONFIG_KGDB_KDB: after a recursion the debugger is entered once more rather than panicking.</summary>
    public bool HasKdb { get; init; }

    /// <summary>panic_timeout is not 0: only SIGTRAP enters the debugger.</summary>
    public bool RebootsOnPanic { get; init; }

    /// <summary>kgdb_do_roundup: the other CPUs are stopped for a session.</summary>
    public bool RoundsUp { get; init; } = true;

    /// <summary>sstep_tries: how often a CPU gives way to the one that is being stepped, with <see cref="KgdbDefects.DropsHitOfRemoved"/>.</summary>
    public int StepTries { get; init; } = 100;

    /// <summary>CONFIG_KGDB_HONOUR_BLOCKLIST.</summary>
    public bool HonoursBlocklist { get; init; } = true;

    /// <summary>The breakpoints are there when somebody connects before perf is (kgdbwait on the command line).</summary>
    public bool StartsEarly { get; init; }

    /// <summary>Whether events are made for all CPUs when kgdb registers; scenarios without hardware breakpoints do without.</summary>
    public bool HasHardwareBreakpoints { get; init; } = true;

    public bool Cures(KgdbCures cure) => (Without & cure) == 0;

    public bool Has(KgdbDefects defect) => (Defects & defect) != 0;
}
