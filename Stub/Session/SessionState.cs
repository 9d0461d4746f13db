using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// What a session is doing. Each state knows what it can be asked in it and which state follows, so that a stop cannot be
/// reported to a debugger that does not wait for one.
/// </summary>
internal abstract class SessionState
{
    /// <summary>What the loop should do next.</summary>
    public abstract SessionDemand Demand { get; }

    /// <summary>Whether the debugger waits for a stop reply; only then may it be shown what the guest prints.</summary>
    public virtual bool AwaitsStop => false;

    /// <summary>A packet arrived.</summary>
    public abstract SessionState OnPacket(ReadOnlySpan<byte> payload);

    /// <summary>Ctrl-C arrived. Without a run there is nothing to interrupt.</summary>
    public virtual SessionState OnInterrupt() => this;

    /// <summary>A slice ended.</summary>
    /// <exception cref="InvalidOperationException">No slice was asked for.</exception>
    public virtual SessionState OnSliceEnded(RunResult result) =>
        throw new InvalidOperationException($"a slice ended in state {GetType().Name}, which asks for none");
}
