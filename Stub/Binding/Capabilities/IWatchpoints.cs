namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>Which accesses a watchpoint stops on; in the order of the packets Z2, Z3, Z4.</summary>
internal enum WatchKind : byte
{
    /// <summary>Stores.</summary>
    Write,

    /// <summary>Loads.</summary>
    Read,

    /// <summary>Both.</summary>
    Access,
}

/// <summary>Data watchpoints: a CPU stops after the instruction that touched the bytes.</summary>
internal interface IWatchpoints
{
    /// <summary>Watches [<paramref name="address"/>, <paramref name="address"/> + <paramref name="length"/>).</summary>
    PointResult Insert(WatchKind kind, ulong address, ulong length);

    /// <summary>Removes one that was inserted with the same kind, address and length.</summary>
    PointResult Remove(WatchKind kind, ulong address, ulong length);

    /// <summary>Whether one of that kind covers the address.</summary>
    bool Covers(WatchKind kind, ulong address);

    /// <summary>Removes all.</summary>
    void Clear();
}
