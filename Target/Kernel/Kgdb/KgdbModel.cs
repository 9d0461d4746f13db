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
    {
        Software = new SoftwareBreakpoints(kernel, memory)
        {
            HonoursBlocklist = options.HonoursBlocklist, ForgetsUnrestored = options.Has(KgdbDefects.ForgetsUnrestoredByte),
        };
        Hardware = perf is null || !options.HasHardwareBreakpoints ? null : new HardwareBreakpoints(kernel, perf, options);
        Core = new KgdbCore(kernel, rcu, traps, options, Software, Hardware);
        bool remembersHits = !options.Has(KgdbDefects.StaleVirtualDr6) && options.Form.Overflow == OverflowAction.MarksVirtualDr6;
        HitRecord? hits = Hardware is not null && remembersHits ? new HitRecord(kernel, perf!) : null;
        Notifier = new KgdbNotifier(Core, kernel, traps, hits);
        if (Hardware is not null)
        {
            Hardware.Events.Overflow = new KgdbOverflow(Core, Notifier, perf!, traps, hits).Handler;
            Hardware.Events.MakeAll();
        }

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

    /// <summary>Null where the kernel has none.</summary>
    public HardwareBreakpoints? Hardware { get; }

    public KgdbNotifier Notifier { get; }

    /// <summary>Who plays the debugger.</summary>
    public IKgdbSession? Session
    {
        get => Core.Session;
        set => Core.Session = value;
    }
}
