namespace KgdbSim.Target.Vectors;

/// <summary>What took user code to the debugger, or ended a record.</summary>
internal enum DebugStopKind
{
    /// <summary>#DB by a debug register, without single step.</summary>
    Hardware,

    /// <summary>#DB with BS.</summary>
    Step,

    /// <summary>#DB with no cause in DR6: ICEBP.</summary>
    Icebp,

    /// <summary>#BP by an INT3 of the code.</summary>
    Int3,

    /// <summary>The INT3 behind the code was reached.</summary>
    End,

    /// <summary>Another exception: its signal is in <see cref="DebugStop.Signal"/>.</summary>
    Fault,

    /// <summary>The recording was cut off after so many stops.</summary>
    Limit,
}

/// <summary>One stop as the debugger saw it.</summary>
/// <param name="Dr6">DR6 for the #DB kinds and, recorded too, for #BP; 0 where nothing is recorded.</param>
/// <param name="Flags">Pushed RFLAGS.</param>
internal readonly record struct DebugStop(
    DebugStopKind Kind, ulong Dr6, ulong Rip, ulong Flags, ulong Rcx, ulong Rsi, ulong Rdi, ulong Rsp, int Signal)
{
    public override string ToString() => Kind is DebugStopKind.Fault
        ? $"signal {Signal} at {Rip:x}, fl {Flags:x} rcx {Rcx:x} rsi {Rsi:x} rdi {Rdi:x} rsp {Rsp:x}"
        : $"{Kind} at {Rip:x}, dr6 {Dr6:x} fl {Flags:x} rcx {Rcx:x} rsi {Rsi:x} rdi {Rdi:x} rsp {Rsp:x}";
}

/// <summary>
/// One record of debug exceptions: a few instructions with debug registers set, and every stop they made.
/// </summary>
internal sealed record DebugVectorRecord(long Id, string Name, string[] Tags, byte[] Code, ulong Rip, ulong Flags)
{
    /// <summary>RAX RCX RDX RBX RSP RBP RSI RDI R8..R15 at the start.</summary>
    public required ulong[] Gpr { get; init; }

    public required (ulong Address, byte[] Bytes)[] Memory { get; init; }

    /// <summary>DR0-DR3.</summary>
    public required ulong[] Dr { get; init; }

    public required ulong Dr7 { get; init; }

    public required string[] Listing { get; init; }

    public required DebugStop[] Stops { get; init; }

    public required DebugStop End { get; init; }

    /// <summary>What the record is one of many of: the name up to its first dot, without a running number.</summary>
    public string Family => Name.Split('.')[0].TrimEnd("0123456789".ToCharArray());

    /// <summary>The tag for which a record is judged apart, else its first one, or null.</summary>
    public string? Tag => Tags.FirstOrDefault(VectorTally.IsApart) ?? Tags.FirstOrDefault();
}
