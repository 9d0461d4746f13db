using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debugger's hardware breakpoints as kernel breakpoints of the interface of June 2009: Z takes a register from all CPUs by the
/// interface's rule, and each CPU loads its registers on its way out.
/// </summary>
/// <remarks>
/// An inference: kgdb of 2.6.30 wrote the registers itself, and the interface was replaced before kgdb came to use it. Known are the
/// table, the handler and its answer. That answer is NOTIFY_STOP for a hit of the kernel's, so the debugger's notifier at the chain's
/// end is never asked and the session has to be held in the callback, as in the form posted for perf in January 2010.
/// </remarks>
internal sealed class InterfaceBreakpoints : BreakInfo
{
    private readonly HwBreakpointInterface _interface;
    private readonly InfoValidator _validator;
    private readonly HardwareBreakpoint[] _mine = new HardwareBreakpoint[BreakpointTables.RegisterCount];
    private KgdbNotifier _notifier = null!;
    private TrapPath _traps = null!;

    public InterfaceBreakpoints(KernelModel kernel, HwBreakpointInterface breakpoints, InfoValidator validator, KgdbOptions options)
        : base(kernel, options)
    {
        _interface = breakpoints;
        _validator = validator;
        for (int i = 0; i < _mine.Length; i++)
        {
            _mine[i] = new HardwareBreakpoint(kernel, $"kgdb[{i}]", default) { Triggered = Triggered };
        }
    }

    /// <summary>Whether a breakpoint is the debugger's.</summary>
    public bool IsMine(HardwareBreakpoint bp) => Array.IndexOf(_mine, bp) >= 0;

    public override void Attach(KgdbCore core, KgdbNotifier notifier, TrapPath traps)
    {
        _notifier = notifier;
        _traps = traps;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask DisableHere(KernelContext c)
    {
        c.Line("kgdb_disable_hw_debug: set_debugreg(0UL, 7);");
        await c.Home.DebugRegisters.Write(c, 7, 0);
    }

    public override ValueTask CorrectHere(KernelContext c) => _interface.Standing.UpdateHere(c);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask RemoveAll(KernelContext c)
    {
        for (int i = 0; i < _mine.Length; i++)
        {
            BreakEntry entry = await Cell(i).Read(c);
            if (entry.IsEnabled && await Release(c, i) == Errno.None)
            {
                await Cell(i).Write(c, entry with { IsEnabled = false });
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask StartCpu(KernelContext c)
    {
        await _interface.Kernel.LoadDebugRegisters(c, _interface.Threads);
        await _interface.Standing.ForgetThreads(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    protected override async ValueTask<Errno> Reserve(KernelContext c, int i)
    {
        ArchBreakpoint wanted = (await Cell(i).Read(c)).Arch;
        await _mine[i].Info.Write(c, new BreakpointInfo(wanted.Address, wanted.LengthCode, wanted.TypeCode));
        return await _interface.Standing.Place(c, _mine[i]);
    }

    protected override ValueTask<Errno> Release(KernelContext c, int i) => _interface.Standing.Unregister(c, _mine[i]);

    protected override Errno Judge(ulong address, int length, KgdbBreakpointType type)
    {
        BreakpointInfo info = new(address, BreakTranslation.LengthCode(type, length), BreakTranslation.TypeCode(type));
        return _validator.Validate(ref info, false, true);
    }

    /// <summary>bp->triggered: one session for all that has hit at once.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Triggered(KernelContext c, HardwareBreakpoint bp, DieArgs args)
    {
        OpenTrap trap = _traps.Innermost(c.Home)!;
        uint hits = HitsOf(c.Home.Number, trap.Event.Dr6);
        if (hits == 0 || !trap.TryBeginSession())
        {
            return;
        }

        if (IsExecuted(hits))
        {
            // Nobody else does: the handler of 2009 leaves it to whoever asked for the breakpoint.
            args.Registers.Flags |= KernelRegisters.ResumeFlag;
        }

        c.Line("__kgdb_notify(&args, DIE_DEBUG);");
        await _notifier.Work(c, DieCode.Debug, KgdbNotifier.ArgsOfCallback(args));
    }

    /// <summary>By the table that is loaded on the CPU, of what is still wanted.</summary>
    private uint HitsOf(int cpu, ulong dr6)
    {
        uint hits = 0;
        for (int n = 0; n < BreakpointTables.RegisterCount; n++)
        {
            int i = (dr6 >> n & 1) == 0 ? -1 : Array.IndexOf(_mine, _interface.Tables.Loaded(cpu)[n].Value);
            hits |= i >= 0 && Entry(i).IsEnabled ? 1u << i : 0;
        }

        return hits;
    }

    private bool IsExecuted(uint hits)
    {
        bool any = false;
        for (int i = 0; i < _mine.Length; i++)
        {
            any |= (hits >> i & 1) != 0 && Entry(i).Arch.TypeCode == ArchBreakpoint.Execute;
        }

        return any;
    }
}
