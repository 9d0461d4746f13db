namespace KgdbSim.Stub.Session;

/// <summary>The debugger took leave: whatever it still sends is not for us.</summary>
internal sealed class DetachedState : SessionState
{
    /// <inheritdoc/>
    public override SessionDemand Demand => SessionDemand.Close;

    /// <inheritdoc/>
    public override SessionState OnPacket(ReadOnlySpan<byte> payload) => this;
}
