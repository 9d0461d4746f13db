using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Which thread the debugger means: by <c>Hg</c> for registers and memory, by <c>Hc</c> for the old resuming packets. A stop
/// makes the thread that stopped current for both (GDB manual, "Packets", <c>H</c>; gdbserver does the same).
/// </summary>
internal sealed class ThreadSelection(IThreads threads)
{
    private ThreadId _general = threads.On(0).Id;
    private int _focus;

    /// <summary>The thread whose registers are read and written; on no CPU and without any once it is gone.</summary>
    public DebugThread General => threads.TryFind(_general, out DebugThread thread)
        ? thread
        : new DebugThread(_general, DebugThread.Nowhere, DebugThread.Nowhere);

    /// <summary>The CPU through which memory is seen: the thread's, or where it has none, that of the last stop.</summary>
    public int Cpu => General.Context is var cpu and not DebugThread.Nowhere ? cpu : _focus;

    /// <summary>The threads that <c>c</c> and <c>s</c> are about; "any" stands for <see cref="General"/>.</summary>
    public ThreadId Execution { get; private set; } = new(ThreadId.Any, ThreadId.Any);

    /// <summary>Makes a thread current.</summary>
    /// <param name="thread">Which.</param>
    /// <param name="cpu">The CPU that it stopped on.</param>
    public void Focus(DebugThread thread, int cpu)
    {
        _general = thread.Id;
        _focus = cpu;
        Execution = new ThreadId(ThreadId.Any, ThreadId.Any);
    }

    /// <summary>Answers <c>Hg</c>: "any" and "all" leave the current one; false if there is no such thread.</summary>
    public bool TrySelectGeneral(ThreadId id)
    {
        if (threads.TryFind(id, out DebugThread thread))
        {
            _general = thread.Id;
            return true;
        }

        return IsWildcard(id);
    }

    /// <summary>Answers <c>Hc</c>; false if there is no such thread.</summary>
    public bool TrySelectExecution(ThreadId id)
    {
        bool known = IsWildcard(id) || threads.TryFind(id, out _);
        if (known)
        {
            Execution = id;
        }

        return known;
    }

    private static bool IsWildcard(ThreadId id) =>
        id.Thread is ThreadId.Any or ThreadId.All && id.Process is ThreadId.Any or ThreadId.All or DebugThread.Process;
}
