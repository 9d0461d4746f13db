namespace KgdbSim.Target.Tracing;

/// <summary>Events between who sees them and who writes them down. Made once; when it is full the oldest are lost, and counted.</summary>
internal sealed class TraceRing
{
    private readonly TraceEvent[] _events;
    private long _taken;
    private long _added;

    /// <param name="capacity">How many it holds; a power of two.</param>
    public TraceRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(int.IsPow2(capacity), true);
        _events = new TraceEvent[capacity];
    }

    /// <summary>How many were lost since this was last asked; asking begins anew.</summary>
    public long TakeLostCount()
    {
        long lost = LostCount;
        LostCount = 0;
        return lost;
    }

    /// <summary>How many were lost and not yet asked for.</summary>
    public long LostCount { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(in TraceEvent happened)
    {
        if (_added - _taken == _events.Length)
        {
            _taken++;
            LostCount++;
        }

        _events[(int)(_added++ & (_events.Length - 1))] = happened;
    }

    /// <summary>Takes the oldest; false if there is none.</summary>
    public bool TryTake(out TraceEvent happened)
    {
        bool any = _taken != _added;
        happened = any ? _events[(int)(_taken++ & (_events.Length - 1))] : default;
        return any;
    }
}
