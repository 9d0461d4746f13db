using KgdbSim.Protocol.Packets;

namespace KgdbSim.Stub.Session;

/// <summary>The states of one session, made once: changing state allocates nothing.</summary>
internal sealed class SessionStates
{
    /// <summary>Makes them.</summary>
    public SessionStates(SessionContext context, IPacketHandlers handlers)
    {
        Idle = new IdleState(this, context, handlers);
        Running = new RunningState(this, context);
        Interrupting = new InterruptingState(this, context);
        Released = new ReleasedState(Idle, context);
        Detached = new DetachedState();
    }

    /// <summary>The machine stands.</summary>
    public IdleState Idle { get; }

    /// <summary>The machine runs.</summary>
    public RunningState Running { get; }

    /// <summary>The machine is asked to stand.</summary>
    public InterruptingState Interrupting { get; }

    /// <summary>The machine runs and is no concern of the debugger's.</summary>
    public ReleasedState Released { get; }

    /// <summary>The debugger is gone.</summary>
    public DetachedState Detached { get; }
}
