using System.Numerics;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// For each location, who wrote it last and who has read it since, as of the present end of the execution. Emptied in constant
/// time by moving on to a new generation.
/// </summary>
internal sealed class LocationUses
{
    private Use[] _uses = new Use[64];
    private int[] _lastReads = new int[64 * 8];
    private int _width = 8;
    private int _generation;

    /// <summary>Forgets all uses.</summary>
    public void Clear() => _generation++;

    /// <summary>The access that wrote <paramref name="location"/> last, or -1.</summary>
    public int LastWrite(int location) =>
        location < _uses.Length && _uses[location].Generation == _generation ? _uses[location].LastWrite : -1;

    /// <summary>The processes that have read it since, one bit each.</summary>
    public ulong Readers(int location) =>
        location < _uses.Length && _uses[location].Generation == _generation ? _uses[location].Readers : 0;

    /// <summary>The latest event of a reader.</summary>
    public int LastRead(int location, int process) => _lastReads[(location * _width) + process];

    public void NoteWrite(int location, int access)
    {
        ref Use use = ref Fresh(location);
        use.LastWrite = access;
        use.Readers = 0;
    }

    public void NoteRead(int location, int process, int position)
    {
        ref Use use = ref Fresh(location);
        if (process >= _width)
        {
            Widen(Math.Max(2 * _width, (int)BitOperations.RoundUpToPowerOf2((uint)process + 1)));
        }

        use.Readers |= 1UL << process;
        _lastReads[(location * _width) + process] = position;
    }

    private ref Use Fresh(int location)
    {
        if (location >= _uses.Length)
        {
            int length = Math.Max(2 * _uses.Length, location + 1);
            Array.Resize(ref _uses, length);
            Array.Resize(ref _lastReads, length * _width);
        }

        ref Use use = ref _uses[location];
        if (use.Generation != _generation)
        {
            use = new Use { Generation = _generation, LastWrite = -1 };
        }

        return ref use;
    }

    private void Widen(int width)
    {
        int[] wider = new int[_uses.Length * width];
        for (int i = 0; i < _uses.Length; i++)
        {
            _lastReads.AsSpan(i * _width, _width).CopyTo(wider.AsSpan(i * width));
        }

        _lastReads = wider;
        _width = width;
    }

    private struct Use
    {
        public int Generation;
        public int LastWrite;
        public ulong Readers;
    }
}
