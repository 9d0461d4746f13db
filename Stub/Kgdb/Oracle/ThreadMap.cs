namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Recorded thread ids and ours, one to one. Ids of idle tasks and shadow threads are the same on both sides.</summary>
internal sealed class ThreadMap
{
    private const uint FirstShadow = 0xfffffff0;

    private readonly Dictionary<uint, uint> _standIns = [];
    private readonly Dictionary<uint, uint> _ours = [];
    private readonly Dictionary<uint, uint> _recorded = [];

    /// <summary>Whether these can be the same thread; if so, they are from now on.</summary>
    public bool Match(uint recorded, uint ours)
    {
        if (recorded >= FirstShadow || ours >= FirstShadow)
        {
            return recorded == ours;
        }

        bool known = _ours.TryGetValue(recorded, out uint expected);
        if (known || _recorded.ContainsKey(ours))
        {
            return known && expected == ours;
        }

        _ours[recorded] = ours;
        _recorded[ours] = recorded;
        return true;
    }

    /// <summary>A new boot: no thread is known.</summary>
    public void Forget()
    {
        _standIns.Clear();
        _ours.Clear();
        _recorded.Clear();
    }

    /// <summary>Whether a recorded thread has been seen.</summary>
    public bool Knows(uint recorded) => _ours.ContainsKey(recorded);

    /// <summary>Whether one of ours has been seen as a recorded one.</summary>
    public bool IsTaken(uint ours) => _recorded.ContainsKey(ours);

    /// <summary>Our id for a recorded one; an id that has not been seen yet stands for itself.</summary>
    public uint Translate(uint recorded) =>
        _ours.TryGetValue(recorded, out uint ours) ? ours : _standIns.GetValueOrDefault(recorded, recorded);

    /// <summary>A task of the recorded kernel that the stage has not: another of the kernel's own is asked in its place.</summary>
    public void StandIn(uint recorded, uint ours) => _standIns[recorded] = ours;
}
