using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>CPUs as gdb's threads: CPU n is thread n + 1, since 0 means "any" on the wire.</summary>
internal sealed class CpuThreads(IDebugTarget target) : IThreads
{
    private readonly ThreadNames _names = new(target);

    /// <inheritdoc/>
    public int Count => target.CpuCount;

    /// <inheritdoc/>
    public DebugThread this[int index] => On(index);

    /// <inheritdoc/>
    public bool AreFixed => true;

    /// <inheritdoc/>
    public DebugThread On(int cpu) => new(cpu + 1, cpu);

    /// <inheritdoc/>
    public bool TryFind(ThreadId id, out DebugThread thread)
    {
        bool found = DebugThread.IsNumber(id) && id.Thread >= 1 && id.Thread <= target.CpuCount;
        thread = found ? On(id.Thread - 1) : default;
        return found;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> NameOf(DebugThread thread) => _names.Utf8Of(thread.Cpu);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> DetailOf(DebugThread thread) => _names.DetailOf(thread.Cpu);
}
