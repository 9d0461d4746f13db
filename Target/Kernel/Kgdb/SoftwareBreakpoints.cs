using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The table of software breakpoints (kernel/debug/debug_core.c@6.1: kgdb_break, dbg_set_sw_break and the rest). All of it
/// happens under the master lock, or in a trap of the CPU that holds it.
/// </summary>
internal sealed class SoftwareBreakpoints
{
    /// <summary>KGDB_MAX_BREAKPOINTS.</summary>
    public const int Capacity = 1000;

    /// <summary>INT3.</summary>
    private const byte Int3 = 0xCC;

    private readonly List<SoftwareBreakpoint> _entries = [];
    private readonly SharedCell<int> _changes;
    private readonly KernelMemory _memory;

    public SoftwareBreakpoints(KernelModel kernel, KernelMemory memory)
    {
        _memory = memory;
        _changes = kernel.World.Cell("kgdb_break", 0);
    }

    /// <summary>CONFIG_KGDB_HONOUR_BLOCKLIST.</summary>
    public bool HonoursBlocklist { get; init; } = true;

    /// <summary>An entry whose byte couldn't be put back becomes SET all the same.</summary>
    public bool ForgetsUnrestored { get; init; } = true;

    /// <summary>Entries in use, in the order of the table; looking takes no step.</summary>
    public IReadOnlyList<SoftwareBreakpoint> Entries => _entries;

    /// <summary>Messages for the console: (what, where).</summary>
    public List<(string Message, ulong Address)> Messages { get; } = [];

    /// <summary>Set-up: one that is in memory already, over <paramref name="saved"/>.</summary>
    public void AddActive(ulong address, byte saved) =>
        _entries.Add(new SoftwareBreakpoint(address, BreakpointState.Active, saved, false));

    /// <summary>dbg_set_sw_break(): the entry is SET; memory isn't changed before the debugger leaves.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Set(KernelContext c, ulong address)
    {
        c.Line("dbg_set_sw_break");
        await _changes.Read(c);
        Errno error = await Validate(c, address);
        if (error != Errno.None)
        {
            return error;
        }

        if (Find(address, BreakpointState.Set) >= 0)
        {
            return Errno.Exists;
        }

        SoftwareBreakpoint entry = new(address, BreakpointState.Set, 0, false);
        int index = Find(address, BreakpointState.Removed);
        index = index >= 0 ? index : _entries.FindIndex(static free => free.State == BreakpointState.Undefined);
        if (index < 0 && _entries.Count == Capacity)
        {
            return Errno.TooBig;
        }

        if (index < 0)
        {
            _entries.Add(entry);
        }
        else
        {
            _entries[index] = entry;
        }

        await _changes.FetchAdd(c, 1);
        return Errno.None;
    }

    /// <summary>dbg_remove_sw_break(): the entry is REMOVED; only SET ones are found, as all are while the debugger runs.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Remove(KernelContext c, ulong address)
    {
        c.Line("dbg_remove_sw_break");
        await _changes.FetchAdd(c, 1);
        int index = Find(address, BreakpointState.Set);
        if (index < 0)
        {
            return Errno.NoEntry;
        }

        _entries[index] = _entries[index] with { State = BreakpointState.Removed };
        return Errno.None;
    }

    /// <summary>dbg_activate_sw_breakpoints(): every SET one goes into memory; what can't stays SET.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Activate(KernelContext c)
    {
        Errno result = Errno.None;
        await _changes.FetchAdd(c, 1);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].State != BreakpointState.Set)
            {
                continue;
            }

            c.Line("kgdb_arch_set_breakpoint(&kgdb_break[i])");
            (Errno error, SoftwareBreakpoint planted) = await Plant(c, _entries[i]);
            if (error != Errno.None)
            {
                result = error;
                Messages.Add(("BP install failed", _entries[i].Address));
                continue;
            }

            _entries[i] = planted with { State = BreakpointState.Active };
        }

        return result;
    }

    /// <summary>dbg_deactivate_sw_breakpoints(): every ACTIVE one leaves memory, and is SET even if it couldn't.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Deactivate(KernelContext c)
    {
        Errno result = Errno.None;
        await _changes.FetchAdd(c, 1);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].State != BreakpointState.Active)
            {
                continue;
            }

            c.Line("kgdb_arch_remove_breakpoint(&kgdb_break[i])");
            Errno error = await Restore(c, _entries[i]);
            if (error != Errno.None)
            {
                result = error;
                Messages.Add(("BP remove failed", _entries[i].Address));
                if (!ForgetsUnrestored)
                {
                    continue;
                }
            }

            _entries[i] = _entries[i] with { State = BreakpointState.Set };
        }

        return result;
    }

    /// <summary>The software part of dbg_remove_all_break(): the table is empty.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask RemoveAll(KernelContext c)
    {
        await _changes.FetchAdd(c, 1);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].State == BreakpointState.Active && await Restore(c, _entries[i]) != Errno.None)
            {
                Messages.Add(("BP remove failed", _entries[i].Address));
            }

            _entries[i] = default;
        }
    }

    /// <summary>kgdb_isremovedbreak().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> IsRemoved(KernelContext c, ulong address)
    {
        await _changes.Read(c);
        return Find(address, BreakpointState.Removed) >= 0;
    }

    /// <summary>kgdb_has_hit_break(): its int3 is in memory. Looking takes no step.</summary>
    public bool IsActive(ulong address) => Find(address, BreakpointState.Active) >= 0;

    /// <summary>kgdb_validate_break_address(): planted and taken away once, to see whether it can be.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Validate(KernelContext c, ulong address)
    {
        if (HonoursBlocklist && _memory.IsBlocklisted(address))
        {
            return Errno.Invalid;
        }

        (Errno error, SoftwareBreakpoint planted) = await Plant(c, new SoftwareBreakpoint(address, BreakpointState.Undefined, 0, false));
        if (error != Errno.None)
        {
            return error;
        }

        error = await Restore(c, planted);
        if (error != Errno.None)
        {
            Messages.Add(("Critical breakpoint error, kernel memory destroyed at", address));
        }

        return error;
    }

    /// <summary>kgdb_arch_set_breakpoint().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<(Errno Error, SoftwareBreakpoint Planted)> Plant(KernelContext c, SoftwareBreakpoint entry)
    {
        int saved = await _memory.Read(c, entry.Address);
        if (saved < 0)
        {
            return ((Errno)saved, entry);
        }

        entry = entry with { SavedByte = (byte)saved, IsPoked = false };
        if (await _memory.Write(c, entry.Address, Int3) == Errno.None)
        {
            return (Errno.None, entry);
        }

        return (await _memory.Poke(c, entry.Address, Int3), entry with { IsPoked = true });
    }

    /// <summary>kgdb_arch_remove_breakpoint().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> Restore(KernelContext c, SoftwareBreakpoint entry)
    {
        if (entry.IsPoked && await _memory.Poke(c, entry.Address, entry.SavedByte) == Errno.None)
        {
            return Errno.None;
        }

        // text_mutex is held, or the text was writable: the plain store, which read-only text refuses.
        return await _memory.Write(c, entry.Address, entry.SavedByte);
    }

    private int Find(ulong address, BreakpointState state) =>
        _entries.FindIndex(entry => entry.State == state && entry.Address == address);
}
