namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The stores of one CPU to one cell that are still in its store buffer, oldest first.</summary>
internal sealed class PendingStores<T>(int cpu)
{
    private T[] _values = new T[4];
    private int _first;

    public int Cpu => cpu;

    public int Count { get; private set; }

    public T Newest => _values[(_first + Count - 1) % _values.Length];

    /// <summary>The cell's version after this CPU's latest store left the buffer; 0 if none did in this run.</summary>
    public int LastFlushVersion { get; private set; }

    /// <summary>The value of that store.</summary>
    public T LastFlushed { get; private set; } = default!;

    /// <summary>The location that stands for "what this CPU's own loads see of its buffer".</summary>
    public int ForwardId { get; private set; }

    public void Add(T value, World world, ulong key)
    {
        if (ForwardId == 0)
        {
            ForwardId = world.Locations.Intern(LocationKey.Forward(key, cpu));
        }

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

    public void NoteFlush(int version) => LastFlushVersion = version;

    public void Clear()
    {
        Count = 0;
        LastFlushVersion = 0;
        ForwardId = 0;
    }
}
