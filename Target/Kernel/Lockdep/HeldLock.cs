namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>A lock that a task holds or is about to (struct held_lock). Recycled.</summary>
internal sealed class HeldLock
{
    public LockClass Class { get; private set; } = null!;

    public ulong Address { get; private set; }

    public LockAccess Access { get; private set; }

    public bool IsTrylock { get; private set; }

    /// <summary>The context it was taken in: <see cref="CpuContext.ChainContext"/>.</summary>
    public int ChainContext { get; private set; }

    /// <summary>Where it was taken.</summary>
    public CallSite Site { get; private set; } = null!;

    internal void Set(in LockRequest request, int chainContext, CallSite site)
    {
        Class = request.Class;
        Address = request.Address;
        Access = request.Access;
        IsTrylock = request.IsTrylock;
        ChainContext = chainContext;
        Site = site;
    }
}
