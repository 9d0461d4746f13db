using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>One entry of one CPU into the debugger (struct kgdb_state).</summary>
internal sealed class KgdbState
{
    /// <summary>0 for a debug exception, 3 for an int3.</summary>
    public required int Vector { get; init; }

    /// <summary>5 SIGTRAP, 11 SIGSEGV.</summary>
    public required int Signal { get; init; }

    /// <summary>The die code since mid 2010, before that the error code.</summary>
    public required long ErrorCode { get; init; }

    public required int Cpu { get; init; }

    /// <summary>What trapped, or was interrupted by the roundup.</summary>
    public required KernelRegisters Registers { get; init; }

    /// <summary>The exception goes on to the kernel when the debugger leaves.</summary>
    public bool PassException { get; set; }
}
