using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>One of the debugger's four hardware breakpoints (breakinfo[i]).</summary>
/// <param name="IsEnabled">It is wanted; its slots are reserved.</param>
/// <param name="Arch">What goes into the registers.</param>
internal readonly record struct BreakEntry(bool IsEnabled, ArchBreakpoint Arch)
{
    /// <summary>The same in generic terms.</summary>
    public BreakpointAttributes Attributes => Arch.Attributes;
}

/// <summary>Kinds of breakpoints in the remote protocol's numbering (enum kgdb_bptype).</summary>
internal enum KgdbBreakpointType
{
    Software = 0,
    Execute = 1,
    Write = 2,
    Read = 3,
    Access = 4,
}
