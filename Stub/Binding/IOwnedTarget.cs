using KgdbSim.Target.Tracing;

namespace KgdbSim.Stub.Binding;

/// <summary>A machine that belongs to whoever made it.</summary>
internal interface IOwnedTarget : IDebugTarget, IDisposable
{
    /// <summary>The guest's exit code, once it has ended the machine.</summary>
    int? ExitCode { get; }

    /// <summary>From now on, over restarts, what the machine's kernel does is recorded; nothing where it has none.</summary>
    void Record(TraceRing ring)
    {
    }
}
