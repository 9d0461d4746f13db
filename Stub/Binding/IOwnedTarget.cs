namespace KgdbSim.Stub.Binding;

/// <summary>A machine that belongs to whoever made it.</summary>
internal interface IOwnedTarget : IDebugTarget, IDisposable
{
    /// <summary>The guest's exit code, once it has ended the machine.</summary>
    int? ExitCode { get; }
}
