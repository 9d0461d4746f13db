using KgdbSim.Protocol.Text;

namespace KgdbSim.Stub.Session;

/// <summary>CPUs as gdb's threads: CPU n is thread n + 1 of process 1, since 0 means "any" on the wire.</summary>
internal static class Threads
{
    /// <summary>The one process.</summary>
    public const int Process = 1;

    /// <summary>The thread that a CPU is.</summary>
    public static ThreadId IdOf(int cpu) => new(Process, cpu + 1);

    /// <summary>The CPU that a thread id names, if it names one; "any" and "all" do not.</summary>
    public static bool TryCpu(ThreadId id, int cpuCount, out int cpu)
    {
        cpu = id.Thread - 1;
        return id.Process is ThreadId.Any or ThreadId.All or Process && id.Thread >= 1 && id.Thread <= cpuCount;
    }
}
