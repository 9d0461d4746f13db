namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// The cells, locks, tasks and buffers of a world. The n-th object of a run is the n-th object of the run before, renewed, if
/// it has the same type; and it gets a key that doesn't depend on the interleaving.
/// </summary>
internal sealed class WorldObjects(World world)
{
    /// <summary>How many CPU numbers are set aside per spawning task.</summary>
    private const int SpawnedCpuCount = 64;

    private readonly List<SharedLocation> _locations = [];
    private readonly List<StepTask> _tasks = [];
    private readonly List<StoreBuffer> _buffers = [];
    private readonly List<long> _madeBy = [0];
    private readonly List<RunnableIds> _runnables = [];
    private readonly List<(int Creator, int Ordinal)> _stableIdOrigins = [];
    private int _locationCount;
    private int _bufferCount;

    public int TaskCount { get; private set; }

    /// <summary>The cells and locks of the present run, in order of making.</summary>
    public IEnumerable<SharedLocation> Locations => _locations.Take(_locationCount);

    public IReadOnlyList<(int Creator, int Ordinal)> StableIdOrigins => _stableIdOrigins;

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

        foreach (RunnableIds made in _runnables)
        {
            made.Next = 0;
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
        task.Completion.Bind(name, NextKey());
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
        buffer.Bind(NextKey());
        return buffer;
    }

    /// <summary>The stable number of the runnable that is being added.</summary>
    public int StableIdOfNext()
    {
        int id = PeekStableId();
        _runnables[CreatorId() + 1].Next++;
        return id;
    }

    /// <summary>
    /// The CPU of a task spawned during a run: above those counted out in set-up, and a function of who spawns it and as the
    /// how-manieth.
    /// </summary>
    public int CpuOfNext()
    {
        int creator = CreatorId();
        return ((creator + 1) * SpawnedCpuCount) + RunnablesMadeBy(creator).Next;
    }

    private int PeekStableId()
    {
        int creator = CreatorId();
        RunnableIds made = RunnablesMadeBy(creator);
        if (made.Next == made.Ids.Count)
        {
            made.Ids.Add(_stableIdOrigins.Count);
            _stableIdOrigins.Add((creator, made.Next));
        }

        return made.Ids[made.Next];
    }

    /// <returns>The number, or -1 if the creator's earlier ones are missing.</returns>
    public int RestoreStableId(int creator, int ordinal)
    {
        if (creator < -1 || creator >= _stableIdOrigins.Count)
        {
            return -1;
        }

        RunnableIds made = RunnablesMadeBy(creator);
        if (ordinal == made.Ids.Count)
        {
            made.Ids.Add(_stableIdOrigins.Count);
            _stableIdOrigins.Add((creator, ordinal));
        }

        return ordinal >= 0 && ordinal < made.Ids.Count ? made.Ids[ordinal] : -1;
    }

    private RunnableIds RunnablesMadeBy(int creator)
    {
        while (_runnables.Count <= creator + 1)
        {
            _runnables.Add(new RunnableIds());
        }

        return _runnables[creator + 1];
    }

    private int CreatorId() => world.Current < 0 ? -1 : world.StableIdOf(world.Current);

    /// <summary>The key of the next object made by whoever is running.</summary>
    public ulong NextKey()
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

    /// <summary>The stable numbers of the runnables one creator makes, in its order.</summary>
    private sealed class RunnableIds
    {
        public readonly List<int> Ids = [];
        public int Next;
    }
}
