namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>The first line of a transcript: on what it was recorded, and where the functions of the stage stood.</summary>
internal sealed record TranscriptHeader
{
    public required string Name { get; init; }

    public string Scenario { get; init; } = "";

    /// <summary>"tcg" or "bochs".</summary>
    public string Accelerator { get; init; } = "tcg";

    /// <summary>Kernel options beyond the usual ones.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Addresses of oracle_* and kgdb_breakpoint; empty in the recordings that gdb drove.</summary>
    public IReadOnlyDictionary<string, ulong> Symbols { get; init; } = new Dictionary<string, ulong>();

    /// <summary>Whether QEMU's TCG ran it, whose debug registers differ from hardware in three known ways.</summary>
    public bool IsTcg => Accelerator == "tcg";

    /// <summary>Bochs ran one CPU, whatever the header's smp says.</summary>
    public int CpuCount => Accelerator == "bochs" ? 1 : Smp;

    /// <summary>CPUs asked for.</summary>
    public int Smp { get; init; } = 4;

    /// <summary>The stub stops the boot: nothing has used the debug registers yet.</summary>
    public bool WaitsAtBoot => CommandLine.Contains("kgdbwait", StringComparison.Ordinal);

    /// <summary>printk goes through the stub.</summary>
    public bool ConsoleThroughStub => CommandLine.Contains("kgdbcon", StringComparison.Ordinal);

    /// <summary>A kernel with kdb, whose text on the line is not compared.</summary>
    public bool HasKdb => Name.Contains(".build-kdb", StringComparison.Ordinal);

    /// <summary>6.1.192 as shipped: perf drops every hit of kgdb's breakpoints.</summary>
    public bool DropsHits => Name.Contains(".stock", StringComparison.Ordinal);
}
