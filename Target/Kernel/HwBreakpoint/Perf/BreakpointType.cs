namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>What a breakpoint stops on, in the generic numbering (include/uapi/linux/hw_breakpoint.h).</summary>
[Flags]
internal enum BreakpointType
{
    /// <summary>HW_BREAKPOINT_EMPTY: refused with -EINVAL.</summary>
    None = 0,

    /// <summary>HW_BREAKPOINT_R; alone, x86 has no such thing.</summary>
    Read = 1,

    /// <summary>HW_BREAKPOINT_W.</summary>
    Write = 2,

    /// <summary>HW_BREAKPOINT_RW.</summary>
    ReadWrite = Read | Write,

    /// <summary>HW_BREAKPOINT_X.</summary>
    Execute = 4,

    /// <summary>HW_BREAKPOINT_INVALID: refused with -EINVAL.</summary>
    Invalid = ReadWrite | Execute,
}
