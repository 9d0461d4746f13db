using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>What one suspended step waits for, in a form that can also be asked about the past.</summary>
internal sealed class PendingWait(StepContext context)
{
    private SharedLocation[] _locations = new SharedLocation[4];
    private AccessKind[] _kinds = new AccessKind[4];
    private IWaitCondition? _condition;
    private IWaitCondition? _gate;

    public bool IsPending => _condition is not null || _gate is not null;

    public object? Argument { get; private set; }

    /// <summary>How many locations the condition depends on.</summary>
    public int LocationCount { get; private set; }

    public SharedLocation Location(int index) => _locations[index];

    public AccessKind Kind(int index) => _kinds[index];

    public RunnableState State => _gate?.Holds(context) == false ? RunnableState.Waiting
        : _condition?.Holds(context) != false ? RunnableState.Ready
        : ReferenceEquals(_condition, context.Window) ? RunnableState.Spinning : RunnableState.Waiting;

    public void Set(IWaitCondition condition, SharedLocation location, AccessKind kind, object? argument)
    {
        _condition = condition;
        Argument = argument;
        LocationCount = 0;
        Add(location, kind);
    }

    public void Add(SharedLocation location, AccessKind kind)
    {
        if (LocationCount == _locations.Length)
        {
            Array.Resize(ref _locations, 2 * LocationCount);
            Array.Resize(ref _kinds, 2 * LocationCount);
        }

        _locations[LocationCount] = location;
        _kinds[LocationCount++] = kind;
    }

    /// <summary>Whatever the step waits for, it also waits for <paramref name="gate"/>; to be called last.</summary>
    /// <param name="gate">A function of the locations.</param>
    /// <param name="location">What it depends on.</param>
    /// <param name="second">What else, or null.</param>
    public void AddGate(IWaitCondition gate, SharedLocation location, SharedLocation? second)
    {
        _gate = gate;
        if (_condition is null)
        {
            LocationCount = 0;
        }

        Add(location, AccessKind.Read);
        if (second is not null)
        {
            Add(second, AccessKind.Read);
        }
    }

    /// <summary>
    /// The gate depends on one more location: the task was moved to another CPU while suspended. Whether it could have gone on
    /// before still depends on the old one.
    /// </summary>
    public void WidenGate(SharedLocation location)
    {
        if (_gate is not null)
        {
            Add(location, AccessKind.Read);
        }
    }

    public void Clear()
    {
        _condition = null;
        _gate = null;
        Argument = null;
        LocationCount = 0;
    }

    /// <summary>Whether the step could have been taken when location i had been written <paramref name="versions"/>[i] times.</summary>
    public bool HeldAt(ReadOnlySpan<int> versions)
    {
        for (int i = 0; i < LocationCount; i++)
        {
            _locations[i].Rewind(versions[i]);
        }

        bool held = _gate?.Holds(context) != false && _condition?.Holds(context) != false;
        for (int i = LocationCount - 1; i >= 0; i--)
        {
            _locations[i].Restore();
        }

        return held;
    }
}
