namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Why kgdb has stopped the machine.</summary>
internal enum KgdbStopKind : byte
{
    /// <summary>Something else: a compiled-in int3, an oops.</summary>
    Other,

    /// <summary>A software breakpoint of the debugger's.</summary>
    SoftwareBreakpoint,

    /// <summary>An execution breakpoint of the debugger's in a debug register.</summary>
    HardwareBreakpoint,

    /// <summary>A write to watched bytes.</summary>
    WriteWatch,

    /// <summary>A read or write of watched bytes.</summary>
    AccessWatch,

    /// <summary>The single step that was asked for.</summary>
    StepDone,

    /// <summary>The debugger asked for it.</summary>
    Request,
}

/// <summary>A session has begun.</summary>
/// <param name="Cpu">On which CPU: the master.</param>
/// <param name="Kind">Why.</param>
/// <param name="Address">Of the breakpoint or the watched bytes, else 0.</param>
internal readonly record struct KgdbStop(int Cpu, KgdbStopKind Kind, ulong Address);
