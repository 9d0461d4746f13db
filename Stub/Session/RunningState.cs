using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>The machine runs and the debugger waits for a stop reply.</summary>
internal sealed class RunningState(SessionStates states, SessionContext context) : SessionState
{
    /// <inheritdoc/>
    public override SessionDemand Demand => context.Control.IsIdle ? SessionDemand.Input : SessionDemand.Run;

    /// <inheritdoc/>
    public override bool AwaitsStop => true;

    /// <inheritdoc/>
    public override SessionState OnPacket(ReadOnlySpan<byte> payload)
    {
        RunReporter.RefusePacket(context);
        return this;
    }

    /// <inheritdoc/>
    public override SessionState OnInterrupt()
    {
        context.Control.RequestHalt();
        return states.Interrupting;
    }

    /// <inheritdoc/>
    public override SessionState OnSliceEnded(RunResult result) =>
        RunReporter.TryReport(context, result) ? states.Idle : this;
}
