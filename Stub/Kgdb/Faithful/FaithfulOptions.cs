using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>Which kgdb, on which kind of machine.</summary>
internal sealed record FaithfulOptions
{
    public KgdbDefects Defects { get; init; } = KgdbDefects.Faithful61;

    /// <summary>CPUID has the hypervisor bit.</summary>
    public bool IsVirtualized { get; init; }

    /// <summary>CONFIG_KGDB_KDB.</summary>
    public bool HasKdb { get; init; }

    /// <summary>Somebody has used the debug registers since boot: DR7 has GE, which never goes away.</summary>
    public bool UsedBreakpoints { get; init; }
}
