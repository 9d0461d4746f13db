using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// One CPU's FIFO of stores not yet visible to others. It is a runnable of its own: each of its steps makes the oldest store
/// visible. As a location it is what fences and LOCKed operations wait for.
/// </summary>
internal sealed class StoreBuffer : SharedLocation, IRunnable, IWaitCondition
{
    private readonly Queue<(IBufferedTarget Target, int StoredBy)> _stores = new();
    private readonly string _bufferName;
    private int _storedCount;
    private int _presentVersion;
    private bool _isRewound;

    public StoreBuffer(World world, int cpu) : base(world)
    {
        Cpu = cpu;
        _bufferName = $"C{cpu}.buffer";
    }

    public int Cpu { get; }

    public RunnableState State => _stores.Count == 0 ? RunnableState.Idle : RunnableState.Ready;

    /// <summary>Begins a new run with nothing buffered.</summary>
    public void Bind(ulong key)
    {
        Rebind(_bufferName, key);
        _stores.Clear();
        _storedCount = 0;
        _isRewound = false;
    }

    public void Enqueue(IBufferedTarget target)
    {
        _stores.Enqueue((target, World.CurrentEvent));
        _storedCount++;
    }

    public long Run(long stepCountMax)
    {
        (IBufferedTarget target, int storedBy) = _stores.Dequeue();
        World.Recorder?.Follow(storedBy);
        CountWrite();
        target.CommitOldest(Cpu);
        return 1;
    }

    /// <summary>Makes the pending step of <paramref name="context"/> wait until the buffer is empty.</summary>
    public void AnnounceDrain(StepContext context) => context.WaitFor(this, this, AccessKind.Read, null);

    /// <summary>How many stores have been put in since the run began.</summary>
    public int StoredCount => _storedCount;

    /// <summary>
    /// Everything stored has become visible. Asked about the past, of a context that shares its CPU by turns: what was stored up
    /// to its last step; others of the CPU stored the rest in their turn, which is left out, or has ended with a drain.
    /// </summary>
    public bool Holds(StepContext context) =>
        Version == _storedCount || (_isRewound && context.TakesTurns && Version >= context.StoredCountBefore);

    internal override void Rewind(int version)
    {
        _presentVersion = Version;
        _isRewound = true;
        Version = Math.Min(version, Version);
    }

    internal override void Restore()
    {
        Version = _presentVersion;
        _isRewound = false;
    }
}
