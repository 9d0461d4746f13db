using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debugger's four hardware breakpoints on x86 (arch/x86/kernel/kgdb.c@6.1: breakinfo, kgdb_set_hw_break and the rest).
/// Z and z only fill the table and count slots; each CPU writes its own registers, when it enters and when it leaves.
/// </summary>
internal sealed class HardwareBreakpoints
{
    private readonly KernelModel _kernel;
    private readonly PerfBreakpoints _perf;
    private readonly KgdbOptions _options;
    private readonly SharedCell<BreakEntry>[] _entries = new SharedCell<BreakEntry>[Dr7Encoding.RegisterCount];
    private readonly HardwareSlots _slots;
    private readonly EarlyBreakpoints _early;

    public HardwareBreakpoints(KernelModel kernel, PerfBreakpoints perf, KgdbOptions options)
    {
        _kernel = kernel;
        _perf = perf;
        _options = options;
        Events = new KgdbEvents(kernel, perf, options);
        _slots = new HardwareSlots(kernel, perf, Events, options);
        _early = new EarlyBreakpoints(kernel) { IsEarly = options.StartsEarly };
        for (int i = 0; i < _entries.Length; i++)
        {
            _entries[i] = kernel.World.Cell($"breakinfo[{i}]", default(BreakEntry));
        }
    }

    /// <summary>The perf events behind them.</summary>
    public KgdbEvents Events { get; }

    /// <summary>Breakpoints before perf is there.</summary>
    public EarlyBreakpoints Early => _early;

    /// <summary>Messages for the console: (what, where).</summary>
    public List<(string Message, ulong Address)> Messages { get; } = [];

    /// <summary>breakinfo[i]; looking takes no step.</summary>
    public BreakEntry Entry(int i) => _entries[i].Value;

    /// <summary>The cell of breakinfo[i], for properties and waits.</summary>
    public SharedCell<BreakEntry> Cell(int i) => _entries[i];

    /// <summary>kgdb_set_hw_break(): a free entry gets slots on all CPUs. No debug register changes.</summary>
    /// <returns>-1 for anything; without <see cref="KgdbDefects.NoAddressCheck"/> also what perf's parser says of the request.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Set(KernelContext c, ulong address, int length, KgdbBreakpointType type)
    {
        int i = 0;
        c.Line("if (!breakinfo[i].enabled) break;");
        while (i < _entries.Length && (await _entries[i].Read(c)).IsEnabled)
        {
            i++;
        }

        byte typeCode = BreakTranslation.TypeCode(type);
        byte lengthCode = BreakTranslation.LengthCode(type, length);
        if (i == _entries.Length || typeCode == 0)
        {
            return Errno.NotPermitted;
        }

        BreakEntry old = _entries[i].Value;
        BreakEntry wanted = new(false, new ArchBreakpoint(address, lengthCode, typeCode));
        bool clobbers = _options.Has(KgdbDefects.ClobbersFreeEntry);
        Errno error = lengthCode == 0 ? Errno.NotPermitted : Judge(address, length, type);
        if (error != Errno.None)
        {
            ArchBreakpoint half = old.Arch with { TypeCode = typeCode, LengthCode = lengthCode == 0 ? old.Arch.LengthCode : lengthCode };
            await _entries[i].Write(c, clobbers ? new BreakEntry(false, half) : old);
            return error;
        }

        await _entries[i].Write(c, wanted);
        c.Line("if (hw_break_reserve_slot(i)) { breakinfo[i].addr = 0; return -1; }");
        error = _early.IsEarly ? Errno.None : await _slots.Reserve(c, i);
        BreakEntry refused = clobbers ? wanted with { Arch = wanted.Arch with { Address = 0 } } : old;
        c.Line("breakinfo[i].enabled = 1;");
        await _entries[i].Write(c, error == Errno.None ? wanted with { IsEnabled = true } : refused);
        return error;
    }

    /// <summary>kgdb_remove_hw_break(): the slots go back; the registers are off already, since every CPU is in the debugger.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Remove(KernelContext c, ulong address, int length, KgdbBreakpointType type)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            BreakEntry entry = await _entries[i].Read(c);
            if (!entry.IsEnabled || entry.Arch.Address != address || !Matches(entry, length, type))
            {
                continue;
            }

            c.Line("if (hw_break_release_slot(i))");
            if (!_early.IsEarly && await _slots.Release(c, i) != Errno.None)
            {
                Messages.Add(("Cannot remove hw breakpoint at", address));
                return Errno.NotPermitted;
            }

            c.Line("breakinfo[i].enabled = 0;");
            await _entries[i].Write(c, entry with { IsEnabled = false });
            return Errno.None;
        }

        return Errno.NotPermitted;
    }

    /// <summary>kgdb_disable_hw_debug(): this CPU has entered the debugger; no breakpoint stops it in there.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask DisableHere(KernelContext c)
    {
        c.Line("kgdb_disable_hw_debug: set_debugreg(0UL, 7);");
        await c.Home.DebugRegisters.Write(c, 7, 0);
        bool hasWritten = false;
        for (int i = 0; i < _entries.Length; i++)
        {
            BreakEntry entry = await _entries[i].Read(c);
            bool looks = entry.IsEnabled || (!_options.Has(KgdbDefects.OrphanWhenNotStopped) && Events.Of(i, c.Home.Number) is not null);
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

        if (hasWritten && !_options.Has(KgdbDefects.RearmsOthers))
        {
            await c.Home.DebugRegisters.Write(c, 7, 0);
        }
    }

    /// <summary>kgdb_correct_hw_break(): this CPU leaves the debugger; what is wanted by now is armed, and everybody else's too.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask CorrectHere(KernelContext c)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            BreakEntry entry = await _entries[i].Read(c);
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
            bool clears = _options.Has(KgdbDefects.RestoreClearsDr6);
            await _perf.Cpu(c.Home.Number).Restore(c, clears ? DebugRegisterFile.Dr6Idle : await c.Home.DebugRegisters.Read(c, 6));
        }
    }

    /// <summary>kgdb_remove_all_hw_break(): on the master, whose own events decide.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask RemoveAll(KernelContext c)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            BreakEntry entry = await _entries[i].Read(c);
            if (!entry.IsEnabled)
            {
                continue;
            }

            if (_early.IsEarly && !_options.Has(KgdbDefects.EarlyRemoveAll))
            {
                await _early.Forget(c, i, entry.Arch);
                await _entries[i].Write(c, entry with { IsEnabled = false });
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

            await _entries[i].Write(c, entry with { IsEnabled = false });
        }
    }

    /// <summary>A CPU comes up while a debugger is connected (kgdb's part of the secondary start).</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask StartCpu(KernelContext c)
    {
        if (!_options.Has(KgdbDefects.MissingHotplugEvent))
        {
            Events.AddFor(c.Home.Number);
            for (int i = 0; i < _entries.Length; i++)
            {
                await _slots.ReserveLate(c, i, (await _entries[i].Read(c)).IsEnabled);
            }
        }

        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            await c.Home.DebugRegisters.Write(c, n, 0);
        }

        await c.Home.DebugRegisters.Write(c, 7, 0);
        await CorrectHere(c);
    }

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
        await bp.Arch.Write(c, _options.Cures(KgdbCures.CopyAllFields) ? arch : old with { Address = arch.Address });
        c.Line("val = arch_install_hw_breakpoint(bp);");
        if (await _perf.Cpu(c.Home.Number).Install(c, bp) == Errno.None)
        {
            await bp.Attributes.Write(c, attributes with { IsDisabled = false });
        }
    }

    private Errno Judge(ulong address, int length, KgdbBreakpointType type) =>
        _options.Has(KgdbDefects.NoAddressCheck) ? Errno.None
        : _perf.Options.Parser.Parse(BreakTranslation.Attributes(address, length, type), true, out _);

    private bool Matches(BreakEntry entry, int length, KgdbBreakpointType type) =>
        _options.Has(KgdbDefects.MatchesByAddress)
        || (entry.Arch.TypeCode == BreakTranslation.TypeCode(type) && entry.Arch.LengthCode == BreakTranslation.LengthCode(type, length));
}
