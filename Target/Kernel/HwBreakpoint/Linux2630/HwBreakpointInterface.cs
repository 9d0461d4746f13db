using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>The hardware breakpoint interface of 2.6.30: all parts of it over one set of tables.</summary>
internal sealed class HwBreakpointInterface
{
    public HwBreakpointInterface(KernelModel model, InterfaceForm form, InfoValidator validator)
    {
        Tables = new BreakpointTables(model, form);
        Kernel = new KernelBreakpoints(Tables, validator);
        Threads = new ThreadRegisters(model, Tables, validator);
        Standing = new StandingBreakpoints(Tables, Kernel, Threads, validator);
        Handler = new DebugHandler(Tables, Threads);
        Trap = new DebugTrap(Tables, Handler);
        Notifier = new NotifierBlock<DieArgs>(model, "hw_breakpoint", int.MaxValue,
            (c, code, args) => code == DieCode.Debug ? Handler.Handle(c, args) : ValueTask.FromResult(NotifyResult.Done));
    }

    public BreakpointTables Tables { get; }

    /// <summary>Breakpoints of the kernel.</summary>
    public KernelBreakpoints Kernel { get; }

    /// <summary>Breakpoints of threads.</summary>
    public ThreadRegisters Threads { get; }

    /// <summary>Breakpoints of the kernel, changed while the other CPUs stand.</summary>
    public StandingBreakpoints Standing { get; }

    public DebugHandler Handler { get; }

    /// <summary>Accesses and #DB of scenarios without a processor.</summary>
    public DebugTrap Trap { get; }

    /// <summary>The handler as a member of the die chain.</summary>
    public NotifierBlock<DieArgs> Notifier { get; }
}
