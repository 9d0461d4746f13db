namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The registers a task of the stage begins with.</summary>
internal sealed record TaskStart
{
    public required ulong InstructionPointer { get; init; }

    /// <summary>Where it returns to.</summary>
    public ulong Caller { get; init; } = StageMap.TaskReturn;

    public ulong Flags { get; init; } = 0x202;

    public ulong Rax { get; init; }

    public ulong Rbx { get; init; }

    public ulong Rcx { get; init; }

    public ulong Rdx { get; init; }

    public ulong Rsi { get; init; }

    public ulong Rdi { get; init; }

    /// <summary>How many CPUs must have arrived before it goes on to its function; 0 and 1: none but itself.</summary>
    public int Participants { get; init; }

    /// <summary>It clears the gate: those that come afterwards are counted anew.</summary>
    public bool ClearsGate { get; init; }

    /// <summary>It is kgdb_panic on its way: when it returns, nothing runs any more.</summary>
    public bool IsPanic { get; init; }
}
