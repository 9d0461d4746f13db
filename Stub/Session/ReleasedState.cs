using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// A debugger in extended mode has detached and stays to attach again: the machine runs without being its concern, and it
/// may ask for everything that needs no process.
/// </summary>
internal sealed class ReleasedState(IdleState idle, SessionContext context) : SessionState
{
    /// <inheritdoc/>
    public override SessionDemand Demand => context.Control.IsIdle || context.Control.Phase != MachinePhase.Running
        ? SessionDemand.Input
        : SessionDemand.Run;

    /// <inheritdoc/>
    public override SessionState OnPacket(ReadOnlySpan<byte> payload) => idle.OnPacket(payload);

    /// <summary>Whatever happened is told when the debugger attaches.</summary>
    public override SessionState OnSliceEnded(RunResult result) => this;
}
