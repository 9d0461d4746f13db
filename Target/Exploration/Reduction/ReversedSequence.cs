namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// What to run instead, from right before a race's earlier step: everything in the execution that doesn't happen after that
/// step, in order, and then the race's later step. As it is matched against a wakeup tree, steps are consumed from it.
/// </summary>
/// <remarks>
/// Of each process it holds a run of consecutive events: those with ordinals above <c>from</c> up to <c>to</c>.
/// </remarks>
internal sealed class ReversedSequence(ExecutionLog log)
{
    private readonly EventTable _events = log.Events;
    private readonly FootprintTable _footprints = log.Footprints;
    private int[] _from = [];
    private int[] _to = [];
    private int[] _remaining = [];
    private int _width;
    private bool _lastRemains;
    private Race _race;

    /// <summary>How a step relates to what is left of the sequence.</summary>
    public enum Relation
    {
        /// <summary>It must not come first.</summary>
        Conflicts,

        /// <summary>It is in the sequence, and nothing in there happens before it.</summary>
        Initial,

        /// <summary>It isn't in the sequence and commutes with all of it.</summary>
        Independent,
    }

    /// <summary>Whether all has been consumed.</summary>
    public bool IsEmpty
    {
        get
        {
            for (int p = 0; p < _width; p++)
            {
                if (_from[p] < _to[p])
                {
                    return false;
                }
            }

            return !_lastRemains;
        }
    }

    /// <summary>Becomes the sequence for a race of the present execution.</summary>
    public void Set(in Race race)
    {
        _race = race;
        _lastRemains = true;
        _width = _events.Width;
        if (_from.Length < _width)
        {
            _from = new int[_width];
            _to = new int[_width];
            _remaining = new int[_width];
        }

        _events.CountsBefore(race.First).CopyTo(_from);
        ReadOnlySpan<int> totals = _events.CountsBefore(_events.Count);
        ref ExecutionEvent first = ref _events[race.First];
        for (int p = 0; p < _width; p++)
        {
            int to = _from[p];
            if (p != first.Process)
            {
                while (to < totals[p] && _events.ClockOf(_events.Position(p, to + 1))[first.Process] < first.Ordinal)
                {
                    to++;
                }
            }

            _to[p] = to;
        }
    }

    /// <summary>Consumes the next step of <paramref name="process"/>, which is <see cref="Relation.Initial"/>.</summary>
    public void Consume(int process)
    {
        if (_from[process] < _to[process])
        {
            _from[process]++;
        }
        else
        {
            _lastRemains = false;
        }
    }

    /// <summary>How the next step of a process relates to what is left.</summary>
    public Relation RelationOf(in PlannedStep step)
    {
        int process = step.Process;
        if (_from[process] < _to[process])
        {
            int position = _events.Position(process, _from[process] + 1);
            return _events[position].Alternative == step.Alternative && NothingBefore(_events.ClockOf(position), process)
                ? Relation.Initial
                : Relation.Conflicts;
        }

        if (_lastRemains && process == _race.Process)
        {
            return _race.Alternative == step.Alternative && NothingBefore(log.ClockOf(_race), process)
                ? Relation.Initial
                : Relation.Conflicts;
        }

        return CommutesWithAll(step.Footprint) ? Relation.Independent : Relation.Conflicts;
    }

    /// <summary>Appends what is left to a list of siblings, as one branch.</summary>
    public void AppendTo(WakeupTree tree, ref WakeupTree.NodeList siblings)
    {
        int parent = WakeupTree.None;
        _from.AsSpan(0, _width).CopyTo(_remaining);
        for (int position = _race.First + 1; position < _events.Count; position++)
        {
            ref ExecutionEvent step = ref _events[position];
            if (step.Ordinal == _remaining[step.Process] + 1 && step.Ordinal <= _to[step.Process])
            {
                _remaining[step.Process]++;
                parent = Append(tree, ref siblings, parent, _events.PlannedStepAt(position, _footprints));
            }
        }

        if (_lastRemains)
        {
            Append(tree, ref siblings, parent, LastStep());
        }
    }

    /// <summary>Appends what is left below <paramref name="parent"/>.</summary>
    public void AppendBelow(WakeupTree tree, int parent)
    {
        WakeupTree.NodeList children = tree[parent].Children;
        AppendTo(tree, ref children);
        tree[parent].Children = children;
    }

    /// <summary>What is left, to be put back by <see cref="Restore"/>; only numbers ask for it.</summary>
    public (int[] From, bool LastRemains) Save() => (_from[.._width], _lastRemains);

    /// <summary>Puts back what was left.</summary>
    public void Restore((int[] From, bool LastRemains) saved)
    {
        saved.From.CopyTo(_from, 0);
        _lastRemains = saved.LastRemains;
    }

    private static int Append(WakeupTree tree, ref WakeupTree.NodeList siblings, int parent, in PlannedStep step) =>
        parent == WakeupTree.None ? tree.Append(ref siblings, step) : tree.AppendChild(parent, step);

    private PlannedStep LastStep()
    {
        if (_race.Second < 0)
        {
            return new PlannedStep(_race.Process, -1, 0, _race.Footprint);
        }

        PlannedStep second = _events.PlannedStepAt(_race.Second, _footprints);
        return _race.Footprint < 0 ? second : second with { Footprint = _race.Footprint };
    }

    private bool NothingBefore(ReadOnlySpan<int> clock, int process)
    {
        for (int p = 0; p < clock.Length; p++)
        {
            if (p != process && Math.Min(clock[p], _to[p]) > _from[p])
            {
                return false;
            }
        }

        return true;
    }

    private bool CommutesWithAll(int footprint)
    {
        for (int p = 0; p < _width; p++)
        {
            for (int ordinal = _from[p] + 1; ordinal <= _to[p]; ordinal++)
            {
                if (!_footprints.Commutes(footprint, _events.AccessesOf(_events.Position(p, ordinal))))
                {
                    return false;
                }
            }
        }

        return !_lastRemains || (_race.Footprint >= 0
            ? _footprints.Commutes(footprint, _race.Footprint)
            : _footprints.Commutes(footprint, _events.AccessesOf(_race.Second)));
    }
}
