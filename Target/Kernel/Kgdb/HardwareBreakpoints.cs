using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debugger's hardware breakpoints on perf's (arch/x86/kernel/kgdb.c@6.1): Z and z count slots, and a CPU installs and uninstalls
/// the events that the debugger made ahead.
/// </summary>
internal sealed class HardwareBreakpoints : BreakInfo
{
    private readonly PerfBreakpoints _perf;
    private readonly HardwareSlots _slots;
    private readonly EarlyBreakpoints _early;
    private readonly HitRecord? _hits;

    public HardwareBreakpoints(KernelModel kernel, PerfBreakpoints perf, KgdbOptions options) : base(kernel, options)
    {
        _perf = perf;
        Events = new KgdbEvents(kernel, perf, options);
        _slots = new HardwareSlots(kernel, perf, Events, options);
        _early = new EarlyBreakpoints(kernel) { IsEarly = options.StartsEarly };
        bool remembersHits = !options.Has(KgdbDefects.StaleVirtualDr6) && options.Form.Overflow == OverflowAction.MarksVirtualDr6;
        _hits = remembersHits ? new HitRecord(kernel, perf) : null;
    }

    public override IHitSource? Hits => _hits;

    /// <summary>The perf events behind them.</summary>
    public KgdbEvents Events { get; }

    /// <summary>Breakpoints before perf is there.</summary>
    public EarlyBreakpoints Early => _early;

    public override void Attach(KgdbCore core, KgdbNotifier notifier, TrapPath traps)
    {
        Events.Overflow = new KgdbOverflow(core, notifier, _perf, traps, _hits).Handler;
        Events.MakeAll();
    }

    /// <summary>kgdb_disable_hw_debug(): this CPU has entered the debugger; no breakpoint stops it in there.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask DisableHere(KernelContext c)
    {
        c.Line("kgdb_disable_hw_debug: set_debugreg(0UL, 7);");
        await c.Home.DebugRegisters.Write(c, 7, 0);
        bool hasWritten = false;
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = await Cell(i).Read(c);
            bool looks = entry.IsEnabled || (!Options.Has(KgdbDefects.OrphanWhenNotStopped) && Events.Of(i, c.Home.Number) is not null);
            if (!looks)
            {
                continue;
            }

            if (_early.IsEarly)
            {
                await _early.Forget(c, i, entry.Arch);
                continue;
            }

            PerfBreakpoint bp = c.Deref(Events.Of(i, c.Home.Number), "breakinfo[i].pev");
            BreakpointAttributes attributes = await bp.Attributes.Read(c);
            if (!attributes.IsDisabled)
            {
                c.Line("arch_uninstall_hw_breakpoint(bp); bp->attr.disabled = 1;");
                await _perf.Cpu(c.Home.Number).Uninstall(c, bp);
                await bp.Attributes.Write(c, attributes with { IsDisabled = true });
                hasWritten = true;
            }
        }

        if (hasWritten && !Options.Has(KgdbDefects.RearmsOthers))
        {
            await c.Home.DebugRegisters.Write(c, 7, 0);
        }
    }

    /// <summary>kgdb_correct_hw_break(): this CPU leaves the debugger; what is wanted by now is armed, and everybody else's too.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask CorrectHere(KernelContext c)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = await Cell(i).Read(c);
            if (!entry.IsEnabled)
            {
                continue;
            }

            if (_early.IsEarly)
            {
                await _early.Arm(c, i, entry.Arch);
                continue;
            }

            await Install(c, i, entry.Arch);
        }

        if (!_early.IsEarly)
        {
            c.Line("hw_breakpoint_restore();");
            bool clears = Options.Has(KgdbDefects.RestoreClearsDr6);
            await _perf.Cpu(c.Home.Number).Restore(c, clears ? DebugRegisterFile.Dr6Idle : await c.Home.DebugRegisters.Read(c, 6));
        }
    }

    /// <summary>kgdb_remove_all_hw_break(): on the master, whose own events decide.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask RemoveAll(KernelContext c)
    {
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            BreakEntry entry = await Cell(i).Read(c);
            if (!entry.IsEnabled)
            {
                continue;
            }

            if (_early.IsEarly && !Options.Has(KgdbDefects.EarlyRemoveAll))
            {
                await _early.Forget(c, i, entry.Arch);
                await Cell(i).Write(c, entry with { IsEnabled = false });
                continue;
            }

            PerfBreakpoint bp = c.Deref(Events.Of(i, c.Home.Number), "breakinfo[i].pev");
            BreakpointAttributes attributes = await bp.Attributes.Read(c);
            if (!attributes.IsDisabled)
            {
                await _perf.Cpu(c.Home.Number).Uninstall(c, bp);
                await bp.Attributes.Write(c, attributes with { IsDisabled = true });
                continue;
            }

            if (_early.IsEarly)
            {
                await _early.Forget(c, i, entry.Arch);
            }
            else if (await _slots.Release(c, i) != Errno.None)
            {
                Messages.Add(("KGDB: hw bpt remove failed", entry.Arch.Address));
            }

            await Cell(i).Write(c, entry with { IsEnabled = false });
        }
    }

    /// <summary>A CPU comes up while a debugger is connected (kgdb's part of the secondary start).</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public override async ValueTask StartCpu(KernelContext c)
    {
        if (!Options.Has(KgdbDefects.MissingHotplugEvent))
        {
            Events.AddFor(c.Home.Number);
            for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
            {
                await _slots.ReserveLate(c, i, (await Cell(i).Read(c)).IsEnabled);
            }
        }

        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            await c.Home.DebugRegisters.Write(c, n, 0);
        }

        await c.Home.DebugRegisters.Write(c, 7, 0);
        await CorrectHere(c);
    }

    protected override Errno Judge(ulong address, int length, KgdbBreakpointType type) =>
        _perf.Options.Parser.Parse(BreakTranslation.Attributes(address, length, type), true, out _);

    protected override ValueTask<Errno> Reserve(KernelContext c, int i) =>
        _early.IsEarly ? ValueTask.FromResult(Errno.None) : _slots.Reserve(c, i);

    protected override ValueTask<Errno> Release(KernelContext c, int i) =>
        _early.IsEarly ? ValueTask.FromResult(Errno.None) : _slots.Release(c, i);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Install(KernelContext c, int i, ArchBreakpoint arch)
    {
        PerfBreakpoint bp = c.Deref(Events.Of(i, c.Home.Number), "breakinfo[i].pev");
        BreakpointAttributes attributes = await bp.Attributes.Read(c);
        if (!attributes.IsDisabled)
        {
            return;
        }

        c.Line("bp->attr.bp_addr = breakinfo[i].addr; info->address = breakinfo[i].addr;");
        BreakpointType type = arch.TypeCode switch
        {
            ArchBreakpoint.Execute => BreakpointType.Execute,
            ArchBreakpoint.Write => BreakpointType.Write,
            _ => BreakpointType.ReadWrite,
        };
        attributes = attributes with { Address = arch.Address, Length = (ulong)arch.Length, Type = type };
        await bp.Attributes.Write(c, attributes);
        ArchBreakpoint old = await bp.Arch.Read(c);
        await bp.Arch.Write(c, Options.Cures(KgdbCures.CopyAllFields) ? arch : old with { Address = arch.Address });
        c.Line("val = arch_install_hw_breakpoint(bp);");
        if (await _perf.Cpu(c.Home.Number).Install(c, bp) == Errno.None)
        {
            await bp.Attributes.Write(c, attributes with { IsDisabled = false });
        }
    }
}
