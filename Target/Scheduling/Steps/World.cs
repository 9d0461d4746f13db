using System.Runtime.InteropServices;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Everything one run consists of: who can take steps, what they share, and what must hold. An explorer uses the same world
/// for one run after another; its objects are recycled, so a run in the steady state allocates nothing here.
/// </summary>
public sealed class World
{
    private readonly List<IRunnable> _runnables = [];
    private readonly List<int> _stableIds = [];
    private readonly List<int> _createdBy = [];
    private readonly List<StoreBuffer> _buffers = [];
    private readonly List<Violation> _violations = [];
    private readonly WorldObjects _objects;
    private bool _running;

    /// <summary>An empty world.</summary>
    public World(WorldOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Mode = options.Mode;
        Memory = options.Mode == ExecutionMode.Inline ? MemoryModel.SequentiallyConsistent : options.Memory;
        SpinReadLimit = options.SpinReadLimit;
        _objects = new WorldObjects(this);
    }

    /// <summary>Whether steps suspend.</summary>
    public ExecutionMode Mode { get; }

    /// <summary>Whether there are store buffers. Inline runs never have them.</summary>
    public MemoryModel Memory { get; }

    /// <summary>Everyone who can take steps, in order of creation: tasks, store buffers, and whatever was added.</summary>
    public IReadOnlyList<IRunnable> Runnables => _runnables;

    /// <summary>What went wrong so far in this run, first things first.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Whose step is being taken: an index into <see cref="Runnables"/>, or -1.</summary>
    public int Current { get; private set; } = -1;

    /// <summary><see cref="Runnables"/> for inner loops; stale once a runnable is added.</summary>
    internal ReadOnlySpan<IRunnable> RunnableSpan => CollectionsMarshal.AsSpan(_runnables);

    internal int ViolationCount => _violations.Count;

    internal int SpinReadLimit { get; }

    internal LocationIds Locations { get; } = new();

    internal PropertySet Properties { get; } = new();

    /// <summary>Where numbers come from; set by whoever drives the run.</summary>
    internal Func<ulong, ulong>? NumberSource { get; set; }

    /// <summary>Who records dependencies, or null.</summary>
    internal IStepRecorder? Recorder { get; set; }

    /// <summary>Who records steps in words, or null.</summary>
    internal StepTrace? Trace { get; set; }

    /// <summary>Whether locations remember earlier contents, so that waits can be asked about the past.</summary>
    internal bool KeepsHistory => Recorder is not null;

    internal int CurrentEvent => Recorder?.CurrentEvent ?? -1;

    internal string CurrentName => Current < 0 ? "set-up" : _runnables[Current].Name;

    /// <summary>The cells and locks of the present run, in order of making.</summary>
    internal IEnumerable<SharedLocation> SharedObjects => _objects.Locations;

    /// <summary>A cell that holds <paramref name="initial"/>.</summary>
    public SharedCell<T> Cell<T>(string name, T initial) => _objects.Cell(name, initial);

    /// <summary>A free lock.</summary>
    public SharedLock Lock(string name) => _objects.Lock(name);

    /// <summary>A task on a CPU of its own.</summary>
    public StepTask Spawn(string name, Func<StepContext, ValueTask> body) =>
        Spawn(name, _running ? _objects.CpuOfNext() : _objects.TaskCount, false, body);

    /// <summary>A task on <paramref name="cpu"/>; tasks of one CPU share its store buffer.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="cpu">From 0.</param>
    /// <param name="daemon">Whether it may wait for ever without that being a deadlock.</param>
    /// <param name="body">What it does. Called when the run starts, or at once if a task spawns it.</param>
    public StepTask Spawn(string name, int cpu, bool daemon, Func<StepContext, ValueTask> body)
    {
        StepTask task = _objects.Task(name, cpu, daemon, body);
        Add(task);
        return task;
    }

    /// <summary>Adds a runnable with a method of its own, which starts with the run, or at once if that has started.</summary>
    internal void Add(IStartableRunnable runnable)
    {
        AddRunnable(runnable);
        if (_running)
        {
            runnable.Start();
        }
    }

    /// <summary>Adds something else that can take steps: a vCPU, an interrupt line.</summary>
    public void AddRunnable(IRunnable runnable)
    {
        _runnables.Add(runnable);
        _stableIds.Add(_objects.StableIdOfNext());
        _createdBy.Add(CurrentEvent);
    }

    /// <summary>
    /// States that <paramref name="holds"/> after every step. It may look at anything: under partial-order reduction every
    /// write is then ordered with every other, so that no intermediate state escapes it. Name what it looks at to keep the
    /// reduction.
    /// </summary>
    public void Always(string name, Func<bool> holds)
    {
        int observer = Locations.Intern(LocationKey.Property(Properties.StateCount));
        Properties.AddState(name, holds);
        Properties.ObserveAll(observer);
    }

    /// <summary>States that <paramref name="holds"/>, a function of <paramref name="observed"/> alone, after every step.</summary>
    public void Always(string name, Func<bool> holds, params ReadOnlySpan<SharedLocation> observed)
    {
        int observer = Locations.Intern(LocationKey.Property(Properties.StateCount));
        Properties.AddState(name, holds);

        // Writes of one location are ordered anyway.
        if (observed.Length > 1)
        {
            foreach (SharedLocation location in observed)
            {
                Properties.Observe(location.Id, observer);
            }
        }
    }

    /// <summary>States that <paramref name="holds"/> when nobody can take a step any more.</summary>
    public void AtEnd(string name, Func<bool> holds) => Properties.AddEnd(name, holds);

    /// <summary>How to spell the end state; explorers count the distinct ones.</summary>
    public void Outcome(Action<OutcomeWriter> describe) => Properties.Outcome = describe;

    /// <summary>
    /// The current step uses a location the model numbers itself (say, a guest physical address divided by 8). Two accesses
    /// conflict if their numbers are equal, so overlapping accesses must name all the granules they cover.
    /// </summary>
    /// <param name="number">Below 2^62.</param>
    /// <param name="kind">How.</param>
    public void Touch(ulong number, AccessKind kind)
    {
        if (Recorder is not null)
        {
            int id = Locations.Intern(LocationKey.Model(number));
            if (kind == AccessKind.Write)
            {
                NoteWrite(id);
            }
            else
            {
                Touch(id, kind);
            }
        }
    }

    /// <summary>A number in [0, <paramref name="bound"/>), chosen by the policy; at most one per step.</summary>
    public ulong Draw(ulong bound) => NumberSource?.Invoke(bound)
        ?? throw new InvalidOperationException("Nobody drives this world: there is no policy to draw a number from.");

    /// <summary>Records that something went wrong; the run may go on.</summary>
    public void Report(Violation violation) => _violations.Add(violation);

    /// <summary>Lets <paramref name="runnable"/> (an index into <see cref="Runnables"/>) take steps.</summary>
    /// <returns>How many it took.</returns>
    public long Step(int runnable, long stepCountMax)
    {
        Current = runnable;
        return _runnables[runnable].Run(stepCountMax);
    }

    /// <summary>Empties the world and sets <paramref name="program"/> up in it, ready for the first step.</summary>
    public void Begin(IProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        Clear();
        program.SetUp(this);
        Start();
    }

    /// <summary>Starts the tasks spawned so far; from now on new ones start at once.</summary>
    public void Start()
    {
        _running = true;
        int count = _runnables.Count;
        for (int i = 0; i < count; i++)
        {
            if (_runnables[i] is IStartableRunnable task)
            {
                Current = i;
                task.Start();
            }
        }

        Current = -1;
    }

    internal void Clear()
    {
        _running = false;
        Current = -1;
        foreach (IRunnable runnable in _runnables)
        {
            (runnable as IStartableRunnable)?.Drop();
        }

        _runnables.Clear();
        _stableIds.Clear();
        _createdBy.Clear();
        _buffers.Clear();
        _violations.Clear();
        Properties.Clear();
        _objects.Rewind();
    }

    /// <summary>
    /// The same number for the same runnable in every run, however interleaved: who made it, and as the how-manieth.
    /// </summary>
    internal int StableIdOf(int runnable) => _stableIds[runnable];

    /// <summary>Who made the runnables with stable numbers 0, 1, 2..., and as the how-manieth.</summary>
    internal IReadOnlyList<(int Creator, int Ordinal)> StableIdOrigins => _objects.StableIdOrigins;

    /// <summary>Gives out the next stable number ahead of time, as another process has.</summary>
    internal int RestoreStableId(int creator, int ordinal) => _objects.RestoreStableId(creator, ordinal);

    /// <summary>The step that created the runnable, which its own steps come after; -1 for the set-up.</summary>
    internal int CreatedBy(int runnable) => _createdBy[runnable];

    /// <summary>The buffer of a CPU, made when its first context is; null under sequential consistency.</summary>
    internal StoreBuffer? StoreBufferOf(int cpu)
    {
        if (Memory != MemoryModel.TotalStoreOrder)
        {
            return null;
        }

        foreach (StoreBuffer buffer in _buffers)
        {
            if (buffer.Cpu == cpu)
            {
                return buffer;
            }
        }

        StoreBuffer made = _objects.StoreBuffer(cpu);
        _buffers.Add(made);
        AddRunnable(made);
        return made;
    }

    /// <summary>Whether set-up is over.</summary>
    internal bool IsRunning => _running;

    /// <summary>The key of a location that a model brings along, in the order of making like those of cells.</summary>
    internal ulong NewLocationKey() => _objects.NextKey();

    internal void NoteWrite(int location)
    {
        if (Recorder is { } recorder)
        {
            recorder.Touch(location, AccessKind.Write);
            if (Properties.HasObservers)
            {
                Properties.NoteWrite(location, recorder);
            }
        }
    }

    internal void Touch(int location, AccessKind kind) => Recorder?.Touch(location, kind);
}
