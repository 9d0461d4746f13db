namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>Bits of DR6 (SDM vol. 3, 18.2.3).</summary>
internal static class Dr6Bits
{
    /// <summary>B0-B3.</summary>
    public const ulong Breakpoints = 0xF;

    /// <summary>BD: MOV DR caught by DR7.GD.</summary>
    public const ulong GeneralDetect = 1 << 13;

    /// <summary>BS.</summary>
    public const ulong SingleStep = 1 << 14;

    /// <summary>BT: the T flag of a task switched to; software can still set it.</summary>
    public const ulong TaskSwitch = 1 << 15;

    /// <summary>Bits that hold what was written; the others read as <see cref="Fixed"/>.</summary>
    public const ulong Writable = Breakpoints | GeneralDetect | SingleStep | TaskSwitch;

    /// <summary>
    /// Bits that are always 1: bus-lock detection (11) and RTM (16), reported by 0, are among them, for neither exists
    /// here.
    /// </summary>
    public const ulong Fixed = 0xFFFF_0FF0;
}

/// <summary>Bits of IA32_DEBUGCTL (SDM vol. 3, 18.4.1).</summary>
internal static class DebugCtlBits
{
    public const ulong Lbr = 1 << 0;

    /// <summary>TF traps taken branches instead of instructions.</summary>
    public const ulong Btf = 1 << 1;
}
