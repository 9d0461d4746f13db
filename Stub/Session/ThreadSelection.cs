using KgdbSim.Protocol.Text;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Which CPU the debugger means: by <c>Hg</c> for registers and memory, by <c>Hc</c> for the old resuming packets. A stop
/// makes the CPU that stopped current for both (GDB manual, "Packets", <c>H</c>; gdbserver does the same).
/// </summary>
internal sealed class ThreadSelection(int cpuCount)
{
    /// <summary>The CPU that registers and memory are read from and written to.</summary>
    public int General { get; private set; }

    /// <summary>The threads that <c>c</c> and <c>s</c> are about; "any" stands for <see cref="General"/>.</summary>
    public ThreadId Execution { get; private set; } = new(ThreadId.Any, ThreadId.Any);

    /// <summary>Makes a CPU current.</summary>
    public void Focus(int cpu)
    {
        General = cpu;
        Execution = new ThreadId(ThreadId.Any, ThreadId.Any);
    }

    /// <summary>Answers <c>Hg</c>: "any" and "all" leave the current one; false if there is no such thread.</summary>
    public bool TrySelectGeneral(ThreadId id)
    {
        if (Threads.TryCpu(id, cpuCount, out int cpu))
        {
            General = cpu;
            return true;
        }

        return IsWildcard(id);
    }

    /// <summary>Answers <c>Hc</c>; false if there is no such thread.</summary>
    public bool TrySelectExecution(ThreadId id)
    {
        bool known = IsWildcard(id) || Threads.TryCpu(id, cpuCount, out _);
        if (known)
        {
            Execution = id;
        }

        return known;
    }

    private static bool IsWildcard(ThreadId id) =>
        id.Thread is ThreadId.Any or ThreadId.All && id.Process is ThreadId.Any or ThreadId.All or Threads.Process;
}
