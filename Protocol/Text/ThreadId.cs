namespace KgdbSim.Protocol.Text;

/// <summary>
/// A thread id of the protocol: <c>p1.2</c> with the multiprocess feature, else <c>2</c> (GDB manual, "Packets",
/// "thread-id syntax"). Both parts are 32-bit numbers, or <see cref="Any"/> (0), or <see cref="All"/> (-1).
/// </summary>
/// <remarks>
/// kgdb gives the idle tasks, which all have pid 0, the ids <c>fffffffe</c> downwards (Linux 6.1
/// <c>kernel/debug/gdbstub.c:shadow_pid</c>): they are negative here, as they are there.
/// </remarks>
/// <param name="Process">Process id; <see cref="Any"/> when the id was written without one.</param>
/// <param name="Thread">Thread id; <c>p1</c> alone means all threads of process 1.</param>
public readonly record struct ThreadId(int Process, int Thread)
{
    /// <summary>"An arbitrary process or thread": <c>0</c>.</summary>
    public const int Any = 0;

    /// <summary>"All processes or threads": <c>-1</c>.</summary>
    public const int All = -1;

    /// <summary>Whether this is one thread, not a wildcard.</summary>
    public bool IsOne => Process != All && Thread is not (Any or All);

    /// <summary>Whether the thread <paramref name="other"/>, which must be one thread, is meant by this id.</summary>
    /// <remarks>
    /// 0 ("an arbitrary one") matches here too: whoever asks has already decided which thread it wants to name.
    /// </remarks>
    public bool Matches(ThreadId other) =>
        (Process is Any or All || Process == other.Process) && (Thread is Any or All || Thread == other.Thread);
}
