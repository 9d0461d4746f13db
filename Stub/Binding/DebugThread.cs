using KgdbSim.Protocol.Text;

namespace KgdbSim.Stub.Binding;

/// <summary>One of a debugger's threads.</summary>
/// <param name="Id">What it is called on the wire.</param>
/// <param name="Cpu">The CPU that it is on, or <see cref="Nowhere"/>: then it can't be resumed by itself.</param>
/// <param name="Context">The CPU whose registers are its own, or <see cref="Nowhere"/>: then nobody knows them.</param>
internal readonly record struct DebugThread(ThreadId Id, int Cpu, int Context)
{
    /// <summary>No CPU.</summary>
    public const int Nowhere = -1;

    /// <summary>The one process that all threads belong to.</summary>
    public const int Process = 1;

    /// <summary>A thread that is on a CPU.</summary>
    public DebugThread(int number, int cpu) : this(IdOf(number), cpu, cpu)
    {
    }

    /// <summary>Whether it is on a CPU.</summary>
    public bool IsOnCpu => Cpu != Nowhere;

    /// <summary>The id of the thread of that number.</summary>
    public static ThreadId IdOf(int number) => new(Process, number);

    /// <summary>Whether an id could be that of one of our threads; "any" and "all" are none.</summary>
    public static bool IsNumber(ThreadId id) =>
        id.Process is ThreadId.Any or ThreadId.All or Process && id.Thread is not (ThreadId.Any or ThreadId.All);
}
