namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// The cells, locks, tasks and buffers of a world. The n-th object of a run is the n-th object of the run before, renewed, if
/// it has the same type; and it gets a key that doesn't depend on the interleaving.
/// </summary>
internal sealed class WorldObjects(World world)
{
    private readonly List<SharedLocation> _locations = [];
    private readonly List<StepTask> _tasks = [];
    private readonly List<StoreBuffer> _buffers = [];
    private readonly List<long> _madeBy = [0];
    private readonly List<int> _runnablesMadeBy = [0];
    private readonly Dictionary<(int Creator, int Ordinal), int> _stableIds = [];
    private int _locationCount;
    private int _bufferCount;

    public int TaskCount { get; private set; }

    /// <summary>Begins a new run: everything may be used again.</summary>
    public void Rewind()
    {
        _locationCount = 0;
        TaskCount = 0;
        _bufferCount = 0;
        for (int i = 0; i < _madeBy.Count; i++)
        {
            _madeBy[i] = 0;
        }

        for (int i = 0; i < _runnablesMadeBy.Count; i++)
        {
            _runnablesMadeBy[i] = 0;
        }
    }

    public void DropTasks()
    {
        for (int i = 0; i < TaskCount; i++)
        {
            _tasks[i].Context.Drop();
        }
    }

    public SharedCell<T> Cell<T>(string name, T initial)
    {
        SharedCell<T>? cell = Recycled<SharedCell<T>>();
        if (cell is null)
        {
            cell = new SharedCell<T>(world);
            Keep(cell);
        }

        cell.Bind(name, NextKey(), initial);
        return cell;
    }

    public SharedLock Lock(string name)
    {
        SharedLock? made = Recycled<SharedLock>();
        if (made is null)
        {
            made = new SharedLock(world);
            Keep(made);
        }

        made.Bind(name, NextKey());
        return made;
    }

    public StepTask Task(string name, int cpu, bool daemon, Func<StepContext, ValueTask> body)
    {
        StepTask task;
        if (TaskCount < _tasks.Count)
        {
            task = _tasks[TaskCount];
            task.Context.Reset(name, cpu);
        }
        else
        {
            task = new StepTask(world, name, cpu);
            _tasks.Add(task);
        }

        TaskCount++;
        task.IsDaemon = daemon;
        task.Body = body;
        task.Completion.Bind(NextKey());
        return task;
    }

    public StoreBuffer StoreBuffer(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)LocationKey.CpuCountMax);
        if (_bufferCount == _buffers.Count || _buffers[_bufferCount].Cpu != cpu)
        {
            _buffers.Insert(_bufferCount, new StoreBuffer(world, cpu));
        }

        StoreBuffer buffer = _buffers[_bufferCount++];
        buffer.Bind($"C{cpu}.buffer", NextKey());
        return buffer;
    }

    /// <summary>The stable number of the runnable that is being added.</summary>
    public int StableIdOfNext()
    {
        int creator = CreatorId();
        while (_runnablesMadeBy.Count <= creator + 1)
        {
            _runnablesMadeBy.Add(0);
        }

        int ordinal = _runnablesMadeBy[creator + 1]++;
        if (!_stableIds.TryGetValue((creator, ordinal), out int id))
        {
            id = _stableIds.Count;
            _stableIds.Add((creator, ordinal), id);
        }

        return id;
    }

    private int CreatorId() => world.Current < 0 ? -1 : world.StableIdOf(world.Current);

    private ulong NextKey()
    {
        int owner = CreatorId();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(owner, LocationKey.OwnerMax);
        while (_madeBy.Count <= owner + 1)
        {
            _madeBy.Add(0);
        }

        return LocationKey.Object(owner, ++_madeBy[owner + 1]);
    }

    private TLocation? Recycled<TLocation>() where TLocation : SharedLocation =>
        _locationCount < _locations.Count && _locations[_locationCount] is TLocation location
            ? Advance(location)
            : null;

    private TLocation Advance<TLocation>(TLocation location)
    {
        _locationCount++;
        return location;
    }

    private void Keep(SharedLocation location)
    {
        if (_locationCount < _locations.Count)
        {
            _locations[_locationCount] = location;
        }
        else
        {
            _locations.Add(location);
        }

        _locationCount++;
    }
}
