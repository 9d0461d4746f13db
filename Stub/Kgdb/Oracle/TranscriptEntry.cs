namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>What one line of a transcript tells.</summary>
internal enum EntryKind
{
    /// <summary>A packet to the stub.</summary>
    Sent,

    /// <summary>Bytes to the stub without a frame around them.</summary>
    SentRaw,

    /// <summary>A packet from the stub.</summary>
    Received,

    /// <summary>A + or - from the stub.</summary>
    Acknowledged,

    /// <summary>Characters from the stub's line that are no packet: kdb's text, or the console's where it shares the line.</summary>
    PlainText,

    /// <summary>Nothing came from the stub.</summary>
    Silence,

    /// <summary>A command on the guest's other serial line.</summary>
    ConsoleInput,

    /// <summary>DR0-DR7 of every CPU at that moment.</summary>
    DebugRegisters,

    /// <summary>Which kernel functions were entered since, with DR7 of every CPU at that moment.</summary>
    Events,

    /// <summary>Something to read.</summary>
    Note,

    /// <summary>A line that says nothing that can be played.</summary>
    Unknown,
}

/// <summary>One line of a transcript after the header.</summary>
internal sealed record TranscriptEntry(int Line, EntryKind Kind)
{
    /// <summary>Payload of a packet, or the bytes.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>A note, a console command without its prefix, or + or -.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether the recorder acknowledged the packet, as it did unless told otherwise.</summary>
    public bool IsAcknowledged { get; init; } = true;

    public IReadOnlyList<DebugRegisterDump> Dumps { get; init; } = [];

    public IReadOnlyList<FunctionEvent> Events { get; init; } = [];

    /// <summary>Members of the line that nobody here knows; null if there are none.</summary>
    public string? NotCompared { get; init; }
}

/// <summary>A kernel function was entered.</summary>
/// <param name="Cpu">Where.</param>
/// <param name="Function">Its name.</param>
/// <param name="Controls">DR7 of every CPU then.</param>
internal sealed record FunctionEvent(int Cpu, string Function, IReadOnlyList<ulong> Controls);

/// <summary>The debug registers of one CPU; DR6 is null if the recorder left it out.</summary>
internal sealed record DebugRegisterDump(int Cpu, IReadOnlyList<ulong> Addresses, ulong? Status, ulong Control);
