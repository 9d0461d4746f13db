namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// One CPU's share of arch/x86/kernel/hw_breakpoint.c@6.1 and of kgdb's use of it: cpu_dr7, cpu_debugreg, bp_per_reg, the events of kgdb,
/// and the saving of DR7 around kernel #DBs and NMIs, which undoes what happens in between.
/// </summary>
internal sealed class DebugRegisterControl
{
    private const ulong EnableBits = 0xaa;
    private const ulong GlobalExact = 0x200;
    private const ulong AlwaysSet = 0x400;

    private readonly StageCpu _cpu;
    private readonly HardwareBreakpointTable _table;
    private readonly bool _underHypervisor;
    private readonly ulong[] _wanted = new ulong[4];
    private readonly int[] _owner = [-1, -1, -1, -1];

    /// <summary>What each event of kgdb was installed with, while it is.</summary>
    private readonly HardwareBreakpoint[] _installed = new HardwareBreakpoint[HardwareBreakpointTable.Count];
    private ulong _control;

    /// <param name="usedBefore">Breakpoints have come and gone since boot: GE has stayed in DR7.</param>
    /// <param name="underHypervisor">X86_FEATURE_HYPERVISOR: DR7 is not even looked at while no breakpoint is known.</param>
    public DebugRegisterControl(StageCpu cpu, HardwareBreakpointTable table, bool usedBefore, bool underHypervisor)
    {
        _cpu = cpu;
        _table = table;
        _underHypervisor = underHypervisor;
        _control = usedBefore ? GlobalExact : 0;
        cpu.SetDebugRegister(6, DebugStatus.Idle);
        cpu.SetDebugRegister(7, _control);
    }

    /// <summary>local_db_save.</summary>
    public ulong Save()
    {
        if (_underHypervisor && (_control & EnableBits) == 0)
        {
            return 0;
        }

        ulong saved = _cpu.GetDebugRegister(7) & ~AlwaysSet;
        if (saved != 0)
        {
            _cpu.SetDebugRegister(7, 0);
        }

        return saved;
    }

    /// <summary>local_db_restore.</summary>
    public void Restore(ulong saved)
    {
        if (saved != 0)
        {
            _cpu.SetDebugRegister(7, saved);
        }
    }

    /// <summary>kgdb_disable_hw_debug: DR7 is cleared, then each uninstalling writes what remains.</summary>
    public void Disable()
    {
        _cpu.SetDebugRegister(7, 0);
        for (int i = 0; i < HardwareBreakpointTable.Count; i++)
        {
            int register = Array.IndexOf(_owner, i);
            if (!_table[i].Enabled || register < 0)
            {
                continue;
            }

            ulong rest = _control & ~(_installed[i].Encode(register) & ~GlobalExact);
            _owner[register] = -1;
            _cpu.SetDebugRegister(7, rest);
            _control = rest;
        }
    }

    /// <summary>kgdb_correct_hw_break, which ends with hw_breakpoint_restore.</summary>
    public void Correct()
    {
        for (int i = 0; i < HardwareBreakpointTable.Count; i++)
        {
            int register = Array.IndexOf(_owner, -1);
            if (!_table[i].Enabled || Array.IndexOf(_owner, i) >= 0 || register < 0)
            {
                continue;
            }

            _installed[i] = _table[i];
            _owner[register] = i;
            _cpu.SetDebugRegister(register, _table[i].Address);
            _wanted[register] = _table[i].Address;
            _control |= _table[i].Encode(register);
            _cpu.SetDebugRegister(7, _control);
        }

        for (int register = 0; register < _wanted.Length; register++)
        {
            _cpu.SetDebugRegister(register, _wanted[register]);
        }

        _cpu.SetDebugRegister(6, DebugStatus.Idle);
        _cpu.SetDebugRegister(7, _control);
    }

    /// <summary>The event that a debug register belongs to, or -1: then nobody handles its hit.</summary>
    public int Owner(int register) => _owner[register];

    public bool IsExecute(int register) => _installed[_owner[register]].IsExecute;
}
