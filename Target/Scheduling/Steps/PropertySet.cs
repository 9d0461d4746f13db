namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What must hold in a run, and what of it is worth knowing at its end.</summary>
internal sealed class PropertySet
{
    private readonly List<(string Name, Func<bool> Holds)> _state = [];
    private readonly List<(string Name, Func<bool> Holds)> _end = [];
    private readonly List<(int Location, int Observer)> _observed = [];
    private readonly List<int> _observersOfAll = [];

    /// <summary>Describes the end state, or null if nobody asked for outcomes.</summary>
    public Action<OutcomeWriter>? Outcome { get; set; }

    public bool HasStateProperties => _state.Count != 0;

    public int StateCount => _state.Count;

    /// <summary>Whether some writes count as seen by a property.</summary>
    public bool HasObservers => _observed.Count != 0 || _observersOfAll.Count != 0;

    public void Clear()
    {
        _state.Clear();
        _end.Clear();
        _observed.Clear();
        _observersOfAll.Clear();
        Outcome = null;
    }

    public void AddState(string name, Func<bool> holds) => _state.Add((name, holds));

    public void AddEnd(string name, Func<bool> holds) => _end.Add((name, holds));

    /// <summary>Writes of <paramref name="location"/> are ordered among all that <paramref name="observer"/> sees.</summary>
    public void Observe(int location, int observer) => _observed.Add((location, observer));

    /// <summary>All writes are.</summary>
    public void ObserveAll(int observer) => _observersOfAll.Add(observer);

    /// <summary>The name of the first state property that doesn't hold, or null.</summary>
    public string? FirstBrokenState() => FirstBroken(_state);

    /// <summary>The name of the first end property that doesn't hold, or null.</summary>
    public string? FirstBrokenEnd() => FirstBroken(_end);

    /// <summary>Tells the recorder which properties see a write of <paramref name="location"/>.</summary>
    public void NoteWrite(int location, IStepRecorder recorder)
    {
        foreach ((int observed, int observer) in _observed)
        {
            if (observed == location)
            {
                recorder.Touch(observer, AccessKind.Write);
            }
        }

        foreach (int observer in _observersOfAll)
        {
            recorder.Touch(observer, AccessKind.Write);
        }
    }

    private static string? FirstBroken(List<(string Name, Func<bool> Holds)> properties)
    {
        foreach ((string name, Func<bool> holds) in properties)
        {
            if (!holds())
            {
                return name;
            }
        }

        return null;
    }
}
