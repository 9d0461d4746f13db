namespace KgdbSim.Protocol.Replies;

/// <summary>The sorts of watchpoint a stop reply can name.</summary>
public enum WatchKind
{
    /// <summary><c>watch</c>: of writes, set by <c>Z2</c>.</summary>
    Write,

    /// <summary><c>rwatch</c>: of reads, set by <c>Z3</c>.</summary>
    Read,

    /// <summary><c>awatch</c>: of any access, set by <c>Z4</c>.</summary>
    Access,
}
