namespace KgdbSim.Stub.Tests.Accounting;

/// <summary>
/// How often each CPU must have come to one breakpoint or watchpoint when its next hit is reported: once more than at the last.
/// </summary>
internal sealed class Account(int cpuCount)
{
    private readonly ulong[] _next = new ulong[cpuCount];
    private readonly ulong?[] _closed = new ulong?[cpuCount];
    private readonly ulong?[] _reported = new ulong?[cpuCount];
    private readonly bool[] _mayBeLate = new bool[cpuCount];

    /// <summary>There is a breakpoint from now on.</summary>
    /// <param name="cpu">A CPU.</param>
    /// <param name="count">How often it has come there.</param>
    /// <param name="isAtIt">It has counted, and has not executed the instruction yet.</param>
    public void Open(int cpu, ulong count, bool isAtIt)
    {
        // What has been reported for this passage needn't be again, but may: RF is set until the instruction has been executed.
        bool isKnown = _reported[cpu] == count;
        _next[cpu] = isAtIt && !isKnown ? count : count + 1;
        _mayBeLate[cpu] = _closed[cpu] == count || (isAtIt && isKnown);
    }

    /// <summary>There is none any more. A CPU that waits with a hit reports it if the same is inserted again before it has gone on.</summary>
    public void Close(int cpu, ulong count) => _closed[cpu] = count;

    /// <summary>A hit is reported.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Report(int cpu, ulong count)
    {
        ulong expected = _next[cpu];
        expected -= _mayBeLate[cpu] && count + 1 == expected ? 1UL : 0;
        _mayBeLate[cpu] = false;
        _reported[cpu] = count;
        _next[cpu] = count + 1;
        return count == expected ? null
            : count < expected ? $"reported twice: passage {count}, when {expected} is next"
            : $"{count - expected} hits were lost: passage {count}, when {expected} is next";
    }
}
