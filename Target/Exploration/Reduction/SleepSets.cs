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
            if (sleeper.Step.Process != events[position].Process
                && footprints.Commutes(sleeper.Step.Footprint, events.AccessesOf(position)))
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
            if (sleeper.Step.Process == process && ++explored >= Math.Max(1, sleeper.Step.AlternativeCount))
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
            if (sleeper.Step.Process == process && sleeper.Step.Alternative == alternative)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A step explored before.</summary>
/// <param name="Step">Which.</param>
/// <param name="IsFromFullLevel">
/// Whether it was explored from a full level, where races are not reversed: then a sequence that commutes with it may still go
/// on in a way that doesn't, and nobody else sees to that.
/// </param>
internal readonly record struct Sleeper(PlannedStep Step, bool IsFromFullLevel);
