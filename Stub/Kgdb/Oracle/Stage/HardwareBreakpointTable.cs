using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// kgdb_set_hw_break, kgdb_remove_hw_break and kgdb_remove_all_hw_break of arch/x86/kernel/kgdb.c@6.1. None of them touches a debug register.
/// </summary>
internal sealed class HardwareBreakpointTable
{
    public const int Count = 4;

    private readonly HardwareBreakpoint[] _entries = new HardwareBreakpoint[Count];

    public ref readonly HardwareBreakpoint this[int index] => ref _entries[index];

    /// <summary>The trap bits that the overflow handler gives to the current task: those of all enabled entries.</summary>
    public ulong EnabledBits
    {
        get
        {
            ulong bits = 0;
            for (int i = 0; i < Count; i++)
            {
                bits |= _entries[i].Enabled ? 1ul << i : 0;
            }

            return bits;
        }
    }

    public int Set(ulong address, int length, int type)
    {
        int index = Array.FindIndex(_entries, entry => !entry.Enabled);
        if (index < 0)
        {
            return KgdbErrno.Permission;
        }

        ulong kind = type switch
        {
            1 => 0,
            2 => 1,
            4 => 3,
            _ => ulong.MaxValue,
        };
        ulong size = (type == 1 ? 1 : length) switch
        {
            1 => 0,
            2 => 1,
            4 => 3,
            8 => 2,
            _ => ulong.MaxValue,
        };
        if (kind == ulong.MaxValue || size == ulong.MaxValue)
        {
            return KgdbErrno.Permission;
        }

        _entries[index] = new HardwareBreakpoint { Enabled = true, Address = address, Field = size << 2 | kind };
        return 0;
    }

    /// <summary>Only the address is compared.</summary>
    public int Remove(ulong address)
    {
        int index = Array.FindIndex(_entries, entry => entry.Enabled && entry.Address == address);
        if (index < 0)
        {
            return KgdbErrno.Permission;
        }

        _entries[index].Enabled = false;
        return 0;
    }

    /// <summary>Called while all events are uninstalled, so every entry goes.</summary>
    public void RemoveAll()
    {
        for (int i = 0; i < Count; i++)
        {
            _entries[i].Enabled = false;
        }
    }
}
