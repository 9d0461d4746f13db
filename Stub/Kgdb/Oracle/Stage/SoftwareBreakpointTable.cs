using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>kgdb_break[] of kernel/debug/debug_core.c@6.1: int3 bytes, in memory only while the kernel runs.</summary>
internal sealed class SoftwareBreakpointTable(StageMachine machine, Predicate<ulong> blocked)
{
    private const int Count = 1000;
    private const byte Int3 = 0xcc;

    private enum State : byte
    {
        Undefined,
        Removed,
        Set,
        Active,
    }

    private readonly (ulong Address, byte Saved, State State)[] _entries = new (ulong, byte, State)[Count];

    /// <summary>dbg_set_sw_break.</summary>
    public int Set(ulong address)
    {
        if (blocked(address))
        {
            return KgdbErrno.Invalid;
        }

        Span<byte> there = stackalloc byte[1];
        int error = machine.Read(address, there);
        if (error != 0)
        {
            return error;
        }

        if (Find(State.Set, address) >= 0)
        {
            return KgdbErrno.Exists;
        }

        int index = Find(State.Removed, address);
        index = index >= 0 ? index : Array.FindIndex(_entries, entry => entry.State == State.Undefined);
        if (index < 0)
        {
            return KgdbErrno.TooBig;
        }

        _entries[index] = (address, 0, State.Set);
        return 0;
    }

    /// <summary>dbg_remove_sw_break.</summary>
    public int Remove(ulong address)
    {
        int index = Find(State.Set, address);
        if (index < 0)
        {
            return KgdbErrno.NoEntry;
        }

        _entries[index].State = State.Removed;
        return 0;
    }

    public void RemoveAll()
    {
        Deactivate();
        Array.Clear(_entries);
    }

    public void Activate()
    {
        Span<byte> there = stackalloc byte[1];
        for (int i = 0; i < Count; i++)
        {
            ref (ulong Address, byte Saved, State State) entry = ref _entries[i];
            if (entry.State == State.Set && machine.Read(entry.Address, there) == 0)
            {
                entry.Saved = there[0];
                entry.State = State.Active;
                machine.Poke(entry.Address, Int3);
            }
        }
    }

    public void Deactivate()
    {
        for (int i = 0; i < Count; i++)
        {
            ref (ulong Address, byte Saved, State State) entry = ref _entries[i];
            if (entry.State == State.Active)
            {
                machine.Poke(entry.Address, entry.Saved);
                entry.State = State.Set;
            }
        }
    }

    /// <summary>kgdb_isremovedbreak: an int3 there was ours, and is not any more.</summary>
    public bool IsRemoved(ulong address) => Find(State.Removed, address) >= 0;

    private int Find(State state, ulong address) =>
        Array.FindIndex(_entries, entry => entry.State == state && entry.Address == address);
}
