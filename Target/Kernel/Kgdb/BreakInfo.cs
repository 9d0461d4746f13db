using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debugger's four hardware breakpoints on x86 (arch/x86/kernel/kgdb.c: breakinfo[4]), whoever hands out the registers in the
/// kernel it is in. Z and z only fill the table and take what has to be taken; each CPU writes its own registers, when it enters and
/// when it leaves.
/// </summary>
internal abstract class BreakInfo
{
    private readonly SharedCell<BreakEntry>[] _entries = new SharedCell<BreakEntry>[Dr7Encoding.RegisterCount];

    protected BreakInfo(KernelModel kernel, KgdbOptions options)
    {
        Options = options;
        for (int i = 0; i < _entries.Length; i++)
        {
            _entries[i] = kernel.World.Cell($"breakinfo[{i}]", default(BreakEntry));
        }
    }

    /// <summary>Messages for the console: (what, where).</summary>
    public List<(string Message, ulong Address)> Messages { get; } = [];

    /// <summary>breakinfo[i]; looking takes no step.</summary>
    public BreakEntry Entry(int i) => _entries[i].Value;

    /// <summary>The cell of breakinfo[i], for properties and waits.</summary>
    public SharedCell<BreakEntry> Cell(int i) => _entries[i];

    /// <summary>Who knows what has hit; null where nobody does, and every debug exception is taken for one.</summary>
    public virtual IHitSource? Hits => null;

    protected KgdbOptions Options { get; }

    /// <summary>The debugger is there: what has hit goes to it.</summary>
    public abstract void Attach(KgdbCore core, KgdbNotifier notifier, TrapPath traps);

    /// <summary>kgdb_set_hw_break(): a free entry, and registers for it on all CPUs. No debug register changes.</summary>
    /// <returns>-1 for anything; without <see cref="KgdbDefects.NoAddressCheck"/> also what the kernel says of the request.</returns>
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
        bool clobbers = Options.Has(KgdbDefects.ClobbersFreeEntry);
        Errno error = lengthCode == 0 ? Errno.NotPermitted
            : Options.Has(KgdbDefects.NoAddressCheck) ? Errno.None : Judge(address, length, type);
        if (error != Errno.None)
        {
            ArchBreakpoint half = old.Arch with { TypeCode = typeCode, LengthCode = lengthCode == 0 ? old.Arch.LengthCode : lengthCode };
            await _entries[i].Write(c, clobbers ? new BreakEntry(false, half) : old);
            return error;
        }

        await _entries[i].Write(c, wanted);
        c.Line("if (hw_break_reserve_slot(i)) { breakinfo[i].addr = 0; return -1; }");
        error = await Reserve(c, i);
        BreakEntry refused = clobbers ? wanted with { Arch = wanted.Arch with { Address = 0 } } : old;
        c.Line("breakinfo[i].enabled = 1;");
        await _entries[i].Write(c, error == Errno.None ? wanted with { IsEnabled = true } : refused);
        return error;
    }

    /// <summary>kgdb_remove_hw_break(): the registers are off already, since every CPU is in the debugger.</summary>
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
            if (await Release(c, i) != Errno.None)
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
    public abstract ValueTask DisableHere(KernelContext c);

    /// <summary>kgdb_correct_hw_break(): this CPU leaves the debugger; what is wanted by now is armed, and everybody else's too.</summary>
    public abstract ValueTask CorrectHere(KernelContext c);

    /// <summary>kgdb_remove_all_hw_break(): on the master.</summary>
    public abstract ValueTask RemoveAll(KernelContext c);

    /// <summary>A CPU comes up while a debugger is connected (kgdb's part of the secondary start).</summary>
    public abstract ValueTask StartCpu(KernelContext c);

    /// <summary>Entry <paramref name="i"/>, filled in and not yet enabled, gets what it needs on all CPUs, or nothing.</summary>
    protected abstract ValueTask<Errno> Reserve(KernelContext c, int i);

    /// <summary>It gives that back.</summary>
    protected abstract ValueTask<Errno> Release(KernelContext c, int i);

    /// <summary>What the kernel would say to anybody else who asked for this.</summary>
    protected abstract Errno Judge(ulong address, int length, KgdbBreakpointType type);

    private bool Matches(BreakEntry entry, int length, KgdbBreakpointType type) =>
        Options.Has(KgdbDefects.MatchesByAddress)
        || (entry.Arch.TypeCode == BreakTranslation.TypeCode(type) && entry.Arch.LengthCode == BreakTranslation.LengthCode(type, length));
}
