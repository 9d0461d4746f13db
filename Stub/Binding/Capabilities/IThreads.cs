using KgdbSim.Protocol.Text;

namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>
/// What a debugger's threads are: a machine's CPUs, or what a kernel runs on them. They may change whenever the machine runs or an
/// administrator does something to it.
/// </summary>
internal interface IThreads
{
    /// <summary>How many there are now.</summary>
    int Count { get; }

    /// <summary>They in the order of the thread list; <paramref name="index"/> from 0.</summary>
    DebugThread this[int index] { get; }

    /// <summary>Whether there are always the same ones.</summary>
    bool AreFixed { get; }

    /// <summary>
    /// The thread whose code a CPU executes, or would if the CPU were not taken from it: whoever a stop of the CPU is told of.
    /// </summary>
    DebugThread On(int cpu);

    /// <summary>The thread that an id names; "any" and "all" name none.</summary>
    bool TryFind(ThreadId id, out DebugThread thread);

    /// <summary>What it is called and what it is doing, in UTF-8.</summary>
    ReadOnlySpan<byte> NameOf(DebugThread thread);

    /// <summary>What a debugger shows beside the name, in UTF-8; empty if there is nothing to say.</summary>
    ReadOnlySpan<byte> DetailOf(DebugThread thread);
}
