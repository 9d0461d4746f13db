namespace KgdbSim.Target.Memory;

/// <summary>The contents of physical memory at one moment, sharing its pages. Dispose it to give the pages up.</summary>
internal sealed unsafe class MemoryImage : IDisposable
{
    private readonly List<Entry> _entries = [];

    internal MemoryImage(PhysicalMemory owner) => Owner = owner;

    public PhysicalMemory Owner { get; }

    /// <summary>Pages that had contents.</summary>
    public int Count => _entries.Count;

    internal Entry this[int index] => _entries[index];

    internal void Add(ulong frame, byte* data) => _entries.Add(new Entry(frame, data));

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            Owner.Release(entry.Data);
        }

        _entries.Clear();
    }

    internal readonly struct Entry(ulong frame, byte* data)
    {
        public readonly ulong Frame = frame;
        public readonly byte* Data = data;
    }
}
