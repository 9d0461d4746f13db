namespace KgdbSim.Target.Tracing;

/// <summary>What kind of thing happened.</summary>
internal enum TraceEventKind : byte
{
    /// <summary>Something begins on a CPU; what begins inside it ends before it does.</summary>
    Begin,

    /// <summary>The innermost thing on a CPU ends.</summary>
    End,

    /// <summary>Something happens at once.</summary>
    Instant,
}

/// <summary>Something that happened in a machine. Its strings are constants or names that exist anyway.</summary>
/// <param name="Time">Virtual time: steps of all CPUs.</param>
/// <param name="Kind">What kind of event.</param>
/// <param name="Cpu">Where, from 0.</param>
/// <param name="Category">"trap", "session", "roundup" or "dr7".</param>
/// <param name="Name">What people call it.</param>
/// <param name="Text">More about it, or null.</param>
/// <param name="Address">An instruction's or a breakpoint's address, or 0.</param>
/// <param name="Value">DR6, DR7 or a mask of CPUs, by category.</param>
internal readonly record struct TraceEvent(
    ulong Time, TraceEventKind Kind, int Cpu, string Category, string Name, string? Text, ulong Address, ulong Value);
