namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// The stores of one CPU to one cell that are still in its store buffer, oldest first. As a location it is what the CPU's own
/// loads see of them; it is written when one of them leaves the buffer.
/// </summary>
internal sealed class PendingStores<T> : SharedLocation
{
    private T[] _values = new T[4];
    private int _first;
    private int _presentVersion;

    public PendingStores(World world, int cpu) : base(world) => Cpu = cpu;

    public int Cpu { get; }

    public int Count { get; private set; }

    public T Newest => _values[(_first + Count - 1) % _values.Length];

    /// <summary>The cell's version after this CPU's latest store left the buffer; 0 if none did in this run.</summary>
    public int CellVersionAfter { get; private set; }

    /// <summary>The value of that store.</summary>
    public T LastFlushed { get; private set; } = default!;

    public void Bind(string cell, ulong cellKey)
    {
        Rebind(cell, LocationKey.Forward(cellKey, Cpu));
        Count = 0;
        CellVersionAfter = 0;
    }

    public void Add(T value)
    {
        if (Count == _values.Length)
        {
            T[] longer = new T[2 * Count];
            for (int i = 0; i < Count; i++)
            {
                longer[i] = _values[(_first + i) % Count];
            }

            _values = longer;
            _first = 0;
        }

        _values[(_first + Count++) % _values.Length] = value;
    }

    public T TakeOldest()
    {
        T value = _values[_first];
        _first = (_first + 1) % _values.Length;
        Count--;
        LastFlushed = value;
        return value;
    }

    /// <summary>The store taken last has become visible.</summary>
    public void NoteVisible(int cellVersion)
    {
        CellVersionAfter = cellVersion;
        CountWrite();
    }

    internal override void Rewind(int version)
    {
        _presentVersion = Version;
        Version = Math.Min(version, Version);
    }

    internal override void Restore() => Version = _presentVersion;
}
