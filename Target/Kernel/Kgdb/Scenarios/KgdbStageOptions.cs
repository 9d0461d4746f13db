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

    /// <summary>hw_breakpoint's handler is on the die chain.</summary>
    public bool HasPerfNotifier { get; init; } = true;

    public PerfBreakpointOptions Perf { get; init; } = new();

    public TrapOptions Traps { get; init; } = new();

    public KgdbOptions Kgdb { get; init; } = new();

    /// <summary>One CPU of early 2010: a form of kgdb on a form of hw_breakpoint's handler.</summary>
    public static KgdbStageOptions Of2010(KgdbForm form, HandlerForm handler) => new()
    {
        CpuCount = 1,
        HasHardwareBreakpoints = true,
        Perf = new PerfBreakpointOptions { HasHistograms = false, Handler = handler },
        Traps = new TrapOptions { Version = KernelVersion.Linux2633 },
        Kgdb = new KgdbOptions { Form = form, Defects = KgdbDefects.Faithful61 },
    };

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
