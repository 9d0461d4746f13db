namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// What a task read since its last step of another kind, and how often each location had been written then. A spin loop reads
/// the same few locations over and over; until one of them is written, another turn tells it nothing new.
/// </summary>
internal sealed class ReadWindow(int spinReadLimit) : IWaitCondition
{
    private SharedLocation[] _locations = new SharedLocation[4];
    private int[] _versions = new int[4];
    private int _count;
    private int _unchangedReads;

    public bool IsEmpty => _count == 0;

    /// <summary>Whether the task has re-read unchanged locations so often that it counts as spinning.</summary>
    public bool Spins => spinReadLimit != 0 && _unchangedReads >= spinReadLimit;

    public void Note(SharedLocation location)
    {
        for (int i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_locations[i], location))
            {
                _unchangedReads = _versions[i] == location.Version ? _unchangedReads + 1 : 0;
                _versions[i] = location.Version;
                return;
            }
        }

        if (_count == _locations.Length)
        {
            Array.Resize(ref _locations, 2 * _count);
            Array.Resize(ref _versions, 2 * _count);
        }

        _locations[_count] = location;
        _versions[_count++] = location.Version;
        _unchangedReads = 0;
    }

    public void Clear()
    {
        _count = 0;
        _unchangedReads = 0;
    }

    /// <summary>Makes the pending step of <paramref name="context"/> wait for news.</summary>
    public void AnnounceSpin(StepContext context)
    {
        context.WaitFor(this, _locations[0], AccessKind.Read, null);
        for (int i = 1; i < _count; i++)
        {
            context.WaitAlsoFor(_locations[i], AccessKind.Read);
        }
    }

    /// <summary>Something read has been written since.</summary>
    public bool Holds(StepContext context)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_locations[i].Version != _versions[i])
            {
                return true;
            }
        }

        return false;
    }
}
