using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// The debugger wants the machine to stand, which may take it some more steps. If something else stops it first, that is
/// what is reported: one stop reply answers both.
/// </summary>
internal sealed class InterruptingState(SessionStates states, SessionContext context) : SessionState
{
    /// <inheritdoc/>
    public override SessionDemand Demand => SessionDemand.Run;

    /// <inheritdoc/>
    public override bool AwaitsStop => true;

    /// <inheritdoc/>
    public override SessionState OnPacket(ReadOnlySpan<byte> payload)
    {
        RunReporter.RefusePacket(context);
        return this;
    }

    /// <inheritdoc/>
    public override SessionState OnSliceEnded(RunResult result) =>
        RunReporter.TryReport(context, result) ? states.Idle : this;
}
