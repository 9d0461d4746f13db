namespace KgdbSim.Protocol.Packets;

/// <summary>The documents that <c>qXfer</c> can read here.</summary>
public enum TransferObject
{
    /// <summary><c>features</c>: the target description; the annex names its file, <c>target.xml</c> first.</summary>
    Features,

    /// <summary><c>threads</c>: all threads with core and description.</summary>
    Threads,

    /// <summary><c>memory-map</c>: which addresses are RAM, ROM or flash.</summary>
    MemoryMap,

    /// <summary>
    /// <c>exec-file</c>: the name of the program, which gdb then reads through <c>vFile</c>; the annex is the process.
    /// </summary>
    ExecFile,
}
