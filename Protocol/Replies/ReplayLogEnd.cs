namespace KgdbSim.Protocol.Replies;

/// <summary>At which end of its history the target stands.</summary>
public enum ReplayLogEnd
{
    /// <summary>There is nothing before this moment.</summary>
    Begin,

    /// <summary>There is nothing after this moment.</summary>
    End,
}
