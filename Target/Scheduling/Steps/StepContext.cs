using System.Runtime.CompilerServices;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// One chain of nested step methods: the thread of control of a modelled task, or of one handler on a CPU's stack of contexts.
/// It is suspended at most at one step at a time, and only the scheduler resumes it.
/// </summary>
/// <remarks>Not sealed: a kernel context is one of these with an interrupt flag and a preempt count.</remarks>
public class StepContext
{
    private readonly Action _rootEnded;
    private SuspendedMethod? _parked;
    private Action? _continuation;
    private ValueTask _root;
    private RunnableState _state = RunnableState.Finished;

    /// <summary>A context of <paramref name="world"/> whose stores go through the buffer of <paramref name="cpu"/>.</summary>
    public StepContext(World world, string name, int cpu)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        Name = name;
        Cpu = cpu;
        RunsInline = world.Mode == ExecutionMode.Inline;
        Buffer = world.StoreBufferOf(cpu);
        Wait = new PendingWait(this);
        Window = new ReadWindow(world.SpinReadLimit);
        _rootEnded = RootEnded;
    }

    /// <summary>The run it belongs to.</summary>
    public World World { get; }

    /// <summary>What reports call it.</summary>
    public string Name { get; private set; }

    /// <summary>What reports call the place it is at: itself, or which of the handlers stacked on it is running.</summary>
    internal virtual string Place => Name;

    /// <summary>How many contexts of its CPU are stacked below that place; null if it doesn't know.</summary>
    internal virtual int? PlaceDepth => null;

    /// <summary>The CPU it runs on, from 0.</summary>
    public int Cpu { get; private set; }

    /// <summary>Whether steps complete at once.</summary>
    public bool RunsInline { get; }

    /// <summary>How many steps it has taken without suspending, since it was made; virtual time for whoever wants it.</summary>
    public long InlineStepCount { get; private set; }

    /// <summary>The line of modelled source the next steps belong to; see <see cref="Line"/>.</summary>
    public string? CurrentLine { get; private set; }

    /// <summary>Why it ended early, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it can be resumed.</summary>
    public RunnableState State => _state == RunnableState.Ready && Wait.IsPending ? Wait.State : _state;

    /// <summary>Where stores go before they reach memory; null under sequential consistency.</summary>
    internal StoreBuffer? Buffer { get; private set; }

    /// <summary>What the step it is suspended at waits for.</summary>
    internal PendingWait Wait { get; }

    /// <summary>What it read since its last step of another kind.</summary>
    internal ReadWindow Window { get; }

    /// <summary>Begins <paramref name="body"/> and runs it up to its first suspension; that much is no step of its own.</summary>
    /// <exception cref="InvalidOperationException">The context is still in the middle of something.</exception>
    public void Start<TContext>(Func<TContext, ValueTask> body, TContext argument)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (_state != RunnableState.Finished)
        {
            throw new InvalidOperationException($"{Name} was started while it is still suspended.");
        }

        using HostContext host = HostContext.Suspend();
        _state = RunnableState.Ready;
        Failure = null;
#pragma warning disable CA2012 // The root is awaited once, by RootEnded.
        try
        {
            _root = body(argument);
        }
#pragma warning disable CA1031 // Whatever a model throws becomes a report with a token, never a crash of the tool.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _root = ValueTask.FromException(exception);
        }
#pragma warning restore CA2012

        if (_root.IsCompleted)
        {
            RootEnded();
            return;
        }

        _root.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_rootEnded);
        CheckParked();
    }

    /// <summary>Takes the step it is suspended at, and runs on to the next one or to the end.</summary>
    /// <exception cref="InvalidOperationException"><see cref="State"/> is not <see cref="RunnableState.Ready"/>.</exception>
    public void Resume()
    {
        if (SynchronizationContext.Current is null)
        {
            TakeStep();
            return;
        }

        using HostContext host = HostContext.Suspend();
        TakeStep();
    }

    /// <summary>
    /// Names the source line that the following steps model, for reports: <c>t.Line("kdr7 = 0;")</c>. Costs a branch in inline
    /// mode.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Line(string source)
    {
        if (!RunsInline)
        {
            CurrentLine = source;
        }
    }

    /// <summary>Reports that the model did what it must not: the run has a violation named <paramref name="property"/>.</summary>
    public void Fail(string property, string message) => World.Report(new Violation(ViolationKind.Reported, property, message));

    /// <summary>A step that touches nothing shared.</summary>
    public Step<LocalStep, Nothing> LocalStep() => new(this, default);

    /// <summary>
    /// The body of a spin loop (PAUSE, cpu_relax): the task can go on once a location it read since its last step of another
    /// kind has been written again. If it read none, once others had a chance to run.
    /// </summary>
    public Step<Relax, Nothing> Relax() => new(this, default);

    /// <summary>MFENCE: can be taken once the own store buffer is empty.</summary>
    public Step<Fence, Nothing> Fence() => new(this, default);

    /// <summary>A number in [0, <paramref name="bound"/>), chosen by the policy; exhaustive strategies try every one.</summary>
    public Step<Draw, ulong> Draw(ulong bound) => new(this, new Draw(bound));

    /// <summary>Waits until <paramref name="condition"/>, a function of <paramref name="locations"/> alone, holds.</summary>
    public Step<ConditionWait, Nothing> WaitUntil(Func<bool> condition, params SharedLocation[] locations) =>
        new(this, new ConditionWait(condition, locations));

    /// <summary>To be called by <see cref="IAtomicOperation{TResult}.Announce"/>: the step waits for <paramref name="condition"/>.</summary>
    /// <param name="condition">Decides; it may look at <paramref name="argument"/> through <see cref="WaitArgument"/>.</param>
    /// <param name="location">What it depends on; <see cref="WaitAlsoFor"/> adds more.</param>
    /// <param name="kind">How the step, once taken, uses the location.</param>
    /// <param name="argument">Anything the condition needs to know.</param>
    public void WaitFor(IWaitCondition condition, SharedLocation location, AccessKind kind, object? argument) =>
        Wait.Set(condition, location, kind, argument);

    /// <summary>Adds a location to the wait just announced.</summary>
    public void WaitAlsoFor(SharedLocation location, AccessKind kind) => Wait.Add(location, kind);

    /// <summary>What the pending wait's condition was given.</summary>
    public object? WaitArgument => Wait.Argument;

    /// <summary>
    /// Gives the object to another run; whatever it was in the middle of is dropped. For models that keep their contexts from
    /// run to run: to be called in set-up.
    /// </summary>
    public void Reset(string name, int cpu)
    {
        Drop();
        Name = name;
        Cpu = cpu;
        Buffer = World.StoreBufferOf(cpu);
    }

    /// <summary>Whether a step may be taken at once; if so it is counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool CountIfInline()
    {
        if (!RunsInline)
        {
            return false;
        }

        InlineStepCount++;
        return true;
    }

    internal void Park(SuspendedMethod method)
    {
        _parked = method;
        AddGate();
    }

    internal void Park(Action continuation)
    {
        _continuation = continuation;
        AddGate();
    }

    /// <summary>What every step waits for besides its own condition, or null: a context may have to own its CPU.</summary>
    private protected virtual IWaitCondition? Gate => null;

    /// <summary>What <see cref="Gate"/> is a function of.</summary>
    private protected virtual SharedLocation? GateLocation => null;

    /// <summary>What else, or null.</summary>
    private protected virtual SharedLocation? SecondGateLocation => null;

    private void AddGate()
    {
        if (Gate is { } gate)
        {
            Wait.AddGate(gate, GateLocation!, SecondGateLocation);
        }
    }

    /// <summary>Puts the context on another CPU, suspended or not; its stores have drained.</summary>
    private protected void MoveTo(int cpu, SharedLocation newGate)
    {
        Cpu = cpu;
        Buffer = World.StoreBufferOf(cpu);
        Wait.WidenGate(newGate);
    }

    /// <summary>Forgets the suspended methods, innermost first; their memory is reused.</summary>
    internal void Drop()
    {
        for (SuspendedMethod? method = _parked; method is not null;)
        {
            SuspendedMethod? caller = method.Caller;
            method.Drop();
            method = caller;
        }

        _parked = null;
        _continuation = null;
        _root = default;
        _state = RunnableState.Finished;
        CurrentLine = null;
        Wait.Clear();
        Window.Clear();
    }

    private void TakeStep()
    {
        if (State != RunnableState.Ready)
        {
            throw new InvalidOperationException($"{Name} was resumed while {State}.");
        }

        if (Wait.IsPending)
        {
            World.Recorder?.Waited(this);
            Wait.Clear();
        }

        SuspendedMethod? parked = _parked;
        if (parked is not null)
        {
            _parked = null;
            parked.Resume();
        }
        else
        {
            Action? continuation = _continuation;
            _continuation = null;
            continuation!();
        }

        if (_state == RunnableState.Ready)
        {
            CheckParked();
        }
    }

    private void RootEnded()
    {
        ValueTask root = _root;
        _root = default;
        _state = RunnableState.Finished;
        try
        {
            root.GetAwaiter().GetResult();
        }
        catch (ReportedException)
        {
            // It has said itself why.
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure = exception;
            World.Report(Violation.OfException(Name, exception));
        }
    }

    private void CheckParked()
    {
        if (_parked is null && _continuation is null)
        {
            _state = RunnableState.Finished;
            Failure = new InvalidOperationException($"{Name} awaits something that is no step; nothing could ever resume it.");
            World.Report(Violation.OfException(Name, Failure));
        }
    }
}
