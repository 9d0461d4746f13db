using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The debugger of a modelled kernel, attached to its trap path; to be made in set-up.</summary>
internal sealed class KgdbModel
{
    /// <param name="kernel">The kernel it is in.</param>
    /// <param name="rcu">What it takes while it waits.</param>
    /// <param name="traps">Its exceptions; must have NMI lines if there is more than one CPU.</param>
    /// <param name="memory">Where software breakpoints are planted.</param>
    /// <param name="perf">Who else uses debug registers; null: no hardware breakpoints.</param>
    /// <param name="options">Form and defects.</param>
    public KgdbModel(KernelModel kernel, Rcu.Rcu rcu, TrapPath traps, KernelMemory memory, PerfBreakpoints? perf, KgdbOptions options)
        : this(kernel, rcu, traps, memory, options,
            perf is null || !options.HasHardwareBreakpoints ? null : new HardwareBreakpoints(kernel, perf, options))
    {
    }

    /// <summary>The same with hardware breakpoints from wherever that kernel gets them.</summary>
    public KgdbModel(KernelModel kernel, Rcu.Rcu rcu, TrapPath traps, KernelMemory memory, KgdbOptions options, BreakInfo? breakInfo)
    {
        Software = new SoftwareBreakpoints(kernel, memory)
        {
            HonoursBlocklist = options.HonoursBlocklist, ForgetsUnrestored = options.Has(KgdbDefects.ForgetsUnrestoredByte),
        };
        Core = new KgdbCore(kernel, rcu, traps, options, Software, breakInfo);
        Notifier = new KgdbNotifier(Core, kernel, traps, breakInfo?.Hits);
        breakInfo?.Attach(Core, Notifier, traps);
        traps.DieChain.Add(Notifier.Block);
        if (!options.Form.NmiOnDieChain)
        {
            traps.NmiLocal.Add("kgdb", Notifier.NmiLocal);
            traps.NmiUnknown.Add("kgdb", Notifier.NmiUnknown);
        }
    }

    /// <summary>The debug core.</summary>
    public KgdbCore Core { get; }

    public SoftwareBreakpoints Software { get; }

    /// <summary>The hardware breakpoints where they are perf's, else null: <see cref="KgdbCore.Hardware"/> has them in any kernel.</summary>
    public HardwareBreakpoints? Hardware => Core.Hardware as HardwareBreakpoints;

    public KgdbNotifier Notifier { get; }

    /// <summary>Who plays the debugger.</summary>
    public IKgdbSession? Session
    {
        get => Core.Session;
        set => Core.Session = value;
    }
}
