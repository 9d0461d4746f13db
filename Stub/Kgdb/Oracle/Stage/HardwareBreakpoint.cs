namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>breakinfo of arch/x86/kernel/kgdb.c@6.1: a hardware breakpoint as the debugger asked for it.</summary>
internal struct HardwareBreakpoint
{
    public bool Enabled;

    public ulong Address;

    /// <summary>The DR7 field of four bits: length, then type.</summary>
    public ulong Field;

    public readonly bool IsExecute => (Field & 3) == 0;

    /// <summary>encode_dr7 of arch/x86/kernel/hw_breakpoint.c@6.1: the global enable bit and GE.</summary>
    public readonly ulong Encode(int register) => Field << (16 + (4 * register)) | 2ul << (2 * register) | 0x200;
}
