using KgdbSim.Protocol.Packets;

namespace KgdbSim.Stub.Session;

/// <summary>The machine stands and the debugger may ask for anything.</summary>
internal sealed class IdleState(SessionStates states, SessionContext context, IPacketHandlers handlers) : SessionState
{
    /// <inheritdoc/>
    public override SessionDemand Demand => SessionDemand.Input;

    /// <inheritdoc/>
    public override SessionState OnPacket(ReadOnlySpan<byte> payload)
    {
        DispatchResult result = PacketCatalog.Dispatch(payload, handlers, context.Link.Reply);
        switch (result.Answer)
        {
            case Answer.Now:
                context.Link.Send();
                break;
            case Answer.Later:
                return states.Running;
        }

        return Next();
    }

    private SessionState Next()
    {
        if (context.Leave != Leave.No)
        {
            return states.Detached;
        }

        return context.Control.Phase == MachinePhase.Running ? states.Released : this;
    }
}
