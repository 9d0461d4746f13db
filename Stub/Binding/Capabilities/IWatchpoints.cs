using KgdbSim.Protocol.Replies;

namespace KgdbSim.Stub.Binding.Capabilities;

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
