using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>
/// By which of its threads a CPU was resumed. Usually by the one it is busy with; but who resumes it by another name of it waits to
/// hear of that one.
/// </summary>
internal sealed class ResumedThreads(IThreads threads, int cpuCount)
{
    private readonly ThreadId[] _ids = new ThreadId[cpuCount];

    /// <summary>Who is to be told of the CPU's stop.</summary>
    public DebugThread Of(int cpu) =>
        threads.TryFind(_ids[cpu], out DebugThread thread) && thread.Cpu == cpu ? thread : threads.On(cpu);

    /// <summary>The CPU is resumed by this name.</summary>
    public void Set(DebugThread thread) => _ids[thread.Cpu] = thread.Id;

    /// <summary>Every CPU is resumed by the thread it is busy with.</summary>
    public void Clear() => Array.Clear(_ids);
}
