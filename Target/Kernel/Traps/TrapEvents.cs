namespace KgdbSim.Target.Kernel.Traps;

/// <summary>The latest traps of all CPUs, in a ring that is made once and reused.</summary>
internal sealed class TrapEvents
{
    private readonly TrapEvent[] _ring;
    private long _count;

    /// <param name="capacity">How many are remembered; a power of two.</param>
    public TrapEvents(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(int.IsPow2(capacity), true);
        _ring = new TrapEvent[capacity];
        for (int i = 0; i < capacity; i++)
        {
            _ring[i] = new TrapEvent();
        }
    }

    /// <summary>How many traps there were.</summary>
    public long Count => _count;

    /// <summary>How many of them are still remembered.</summary>
    public int Remembered => (int)Math.Min(_count, _ring.Length);

    /// <summary>The <paramref name="age"/>th latest, 0 being the latest.</summary>
    public TrapEvent Latest(int age) => _ring[(int)((_count - 1 - age) & (_ring.Length - 1))];

    /// <summary>A trap begins; its record may be reused once <c>capacity</c> more have begun.</summary>
    public TrapEvent Begin(TrapKind kind, int cpu, ulong ip)
    {
        TrapEvent record = _ring[(int)(_count & (_ring.Length - 1))];
        record.Begin(_count++, kind, cpu, ip);
        return record;
    }
}
