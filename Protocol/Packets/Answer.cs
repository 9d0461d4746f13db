namespace KgdbSim.Protocol.Packets;

/// <summary>What happens to the reply once a packet has been handled.</summary>
public enum Answer
{
    /// <summary>It is sent now; an empty one says "not supported".</summary>
    Now,

    /// <summary>It comes later: the target runs, and a stop reply will answer the packet.</summary>
    Later,

    /// <summary>There is none: the packet has no reply, as <c>k</c>.</summary>
    Never,
}
