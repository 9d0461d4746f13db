namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Per level of the present execution, the steps whose consequences have been explored from there already: taking one before
/// anything that depends on it would only repeat. One array, level after level.
/// </summary>
internal sealed class SleepSets(FootprintTable footprints)
{
    private Sleeper[] _sleepers = new Sleeper[64];
    private int[] _starts = new int[64];
    private int _top;

    /// <summary>Who sleeps at <paramref name="level"/>.</summary>
    public ReadOnlySpan<Sleeper> At(int level) => _sleepers.AsSpan(_starts[level], _starts[level + 1] - _starts[level]);

    /// <summary>Makes level 0 the last one, with nobody asleep.</summary>
    public void Clear()
    {
        _top = 0;
        _starts[0] = 0;
        _starts[1] = 0;
    }

    /// <summary>Begins a level after the last one, with nobody asleep.</summary>
    public void BeginLevel(int level)
    {
        if (level + 2 >= _starts.Length)
        {
            Array.Resize(ref _starts, 2 * _starts.Length);
        }

        _starts[level] = _top;
        _starts[level + 1] = _top;
    }

    /// <summary>Adds an explored step to the last level.</summary>
    public void Add(int level, Sleeper sleeper)
    {
        if (_top == _sleepers.Length)
        {
            Array.Resize(ref _sleepers, 2 * _top);
        }

        _sleepers[_top++] = sleeper;
        _starts[level + 1] = _top;
    }

    /// <summary>Makes <paramref name="level"/> the last one, as it was.</summary>
    public void DropAbove(int level) => _top = _starts[level + 1];

    /// <summary>Begins the level after <paramref name="level"/>: who doesn't depend on the event just taken sleeps on.</summary>
    public void Advance(int level, EventTable events, int position)
    {
        if (level + 2 >= _starts.Length)
        {
            Array.Resize(ref _starts, 2 * _starts.Length);
        }

        int start = _starts[level];
        int end = _starts[level + 1];
        for (int i = start; i < end; i++)
        {
            Sleeper sleeper = _sleepers[i];
            if (sleeper.Process != events[position].Process
                && footprints.Commutes(sleeper.Footprint, events.AccessesOf(position)))
            {
                Add(level + 1, sleeper);
            }
        }

        _starts[level + 2] = _top;
    }

    /// <summary>Whether the process's next step, with whatever number it draws, sleeps at this level.</summary>
    public bool Sleeps(int level, int process)
    {
        int explored = 0;
        foreach (ref readonly Sleeper sleeper in At(level))
        {
            if (sleeper.Process == process && ++explored >= Math.Max(1, sleeper.AlternativeCount))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the process sleeps at this level if it draws <paramref name="alternative"/>.</summary>
    public bool Sleeps(int level, int process, int alternative)
    {
        foreach (ref readonly Sleeper sleeper in At(level))
        {
            if (sleeper.Process == process && sleeper.Alternative == alternative)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A step explored before.</summary>
/// <param name="Process">Who took it.</param>
/// <param name="Alternative">The number it drew, or -1.</param>
/// <param name="AlternativeCount">From how many, or 0.</param>
/// <param name="Footprint">What it touched.</param>
/// <param name="IsFromFullLevel">
/// Whether it was explored from a full level, where races are not reversed: then a sequence that commutes with it may still go
/// on in a way that doesn't, and nobody else sees to that.
/// </param>
internal readonly record struct Sleeper(
    int Process, int Alternative, int AlternativeCount, int Footprint, bool IsFromFullLevel);
