namespace KgdbSim.Target.Embedding;

/// <summary>What a breakpoint of a <see cref="SimulatedKernel"/> is for (include/uapi/linux/hw_breakpoint.h).</summary>
public enum KernelBreakpointKind
{
    /// <summary>Reads; x86 has no such breakpoint and the kernel refuses it.</summary>
    Read = 1,

    /// <summary>Writes.</summary>
    Write = 2,

    /// <summary>Reads and writes.</summary>
    ReadWrite = 3,

    /// <summary>Execution.</summary>
    Execute = 4,
}
