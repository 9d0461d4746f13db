using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What a stage consists of.</summary>
internal sealed record KgdbStageOptions
{
    public int CpuCount { get; init; } = 2;

    public bool HasIpis { get; init; }

    /// <summary>Bit n: CPU n isn't online at first.</summary>
    public ulong OfflineCpus { get; init; }

    public bool HasHardwareBreakpoints { get; init; }

    public PerfBreakpointOptions Perf { get; init; } = new();

    public TrapOptions Traps { get; init; } = new();

    public KgdbOptions Kgdb { get; init; } = new();

    /// <summary>A kernel 6.1 with these of its defects.</summary>
    public static KgdbStageOptions Of(int cpus, KgdbDefects defects) => new()
    {
        CpuCount = cpus,
        HasHardwareBreakpoints = true,
        Perf = new PerfBreakpointOptions
        {
            Handler = (defects & KgdbDefects.PerfStateCheck) != 0 ? HandlerForm.Linux61192 : HandlerForm.Linux61,
        },
        Traps = new TrapOptions { Dr7OnExit = (defects & KgdbDefects.StaleDr7OnExit) != 0 ? Dr7OnExit.Saved : Dr7OnExit.Current },
        Kgdb = new KgdbOptions { Defects = defects },
    };
}
