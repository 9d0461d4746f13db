using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A memory word that several tasks use: <c>await cell.Read(t)</c>, <c>await cell.Write(t, v)</c>. Every operation is one
/// atomic step. Made by <see cref="World.Cell"/>.
/// </summary>
public sealed class SharedCell<T> : SharedLocation, IWaitCondition, IBufferedTarget, IConditionalAccess
{
    private readonly List<PendingStores<T>> _pending = [];
    private EarlierValues<T> _earlier;
    private T _value = default!;
    private T _expected = default!;
    private int _writtenBy;

    internal SharedCell(World world) : base(world)
    {
    }

    /// <summary>What memory holds; looking takes no step. For properties, outcomes and set-up.</summary>
    public T Value => _value;

    /// <inheritdoc/>
    internal override string Content => StepTrace.TextOf(_value);

    /// <summary>Loads the newest store of the own CPU if one is still buffered, else what memory holds.</summary>
    public Step<CellRead<T>, T> Read(StepContext context) => new(context, new CellRead<T>(this));

    /// <summary>Stores; under TSO into the CPU's store buffer.</summary>
    public Step<CellWrite<T>, Nothing> Write(StepContext context, T value) => new(context, new CellWrite<T>(this, value));

    /// <summary>A LOCKed read-modify-write; yields the old value.</summary>
    public Step<CellUpdate<T, TUpdate>, T> Update<TUpdate>(StepContext context, TUpdate update)
        where TUpdate : struct, ICellUpdate<T> => new(context, new CellUpdate<T, TUpdate>(this, update));

    /// <summary>XCHG; yields the old value.</summary>
    public Step<CellUpdate<T, Exchange<T>>, T> Exchange(StepContext context, T value) =>
        new(context, new CellUpdate<T, Exchange<T>>(this, new Exchange<T>(value)));

    /// <summary>
    /// LOCK CMPXCHG; yields the old value. It wrote <paramref name="value"/> if that equals <paramref name="expected"/>,
    /// otherwise it was a read.
    /// </summary>
    public Step<CellCompareExchange<T>, T> CompareExchange(StepContext context, T expected, T value) =>
        new(context, new CellCompareExchange<T>(this, expected, value));

    /// <summary>
    /// A busy wait as one step: taken once <paramref name="condition"/> holds for what the CPU would read; yields that value.
    /// </summary>
    /// <param name="context">Who waits.</param>
    /// <param name="condition">A function of the value alone; it is also asked about earlier values.</param>
    public Step<CellWait<T>, T> WaitUntil(StepContext context, Func<T, bool> condition) =>
        new(context, new CellWait<T>(this, condition));

    AccessKind IConditionalAccess.KindNow =>
        EqualityComparer<T>.Default.Equals(_value, _expected) ? AccessKind.Write : AccessKind.Read;

    /// <summary>Whether the value that the waiting context would read satisfies its condition.</summary>
    bool IWaitCondition.Holds(StepContext context) => ((Func<T, bool>)context.WaitArgument!)(View(context.Cpu));

    internal void Bind(string name, ulong key, T initial)
    {
        Rebind(name, key);
        _value = initial;
        _writtenBy = -1;
        foreach (PendingStores<T> stores in _pending)
        {
            stores.Bind(name, key);
        }
    }

    /// <summary>What a load of <paramref name="cpu"/> would yield.</summary>
    internal T View(int cpu)
    {
        PendingStores<T>? stores = _pending.Count == 0 ? null : StoresOf(cpu);
        if (stores is null)
        {
            return _value;
        }

        return stores.Count != 0 ? stores.Newest
            : Version < stores.CellVersionAfter ? stores.LastFlushed : _value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Load(StepContext context) => context.RunsInline ? _value : LoadExplored(context);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store(StepContext context, T value)
    {
        if (context.RunsInline)
        {
            _value = value;
        }
        else
        {
            StoreExplored(context, value);
        }
    }

    /// <summary>Changes memory itself, now.</summary>
    internal void Commit(T value)
    {
        if (World.KeepsHistory)
        {
            // A step that writes twice has written once: versions count the steps that wrote.
            int step = World.CurrentEvent;
            if (step >= 0 && step == _writtenBy)
            {
                _value = value;
                return;
            }

            _writtenBy = step;
            _earlier.Note(Version, _value);
        }

        _value = value;
        CountWrite();
    }

    /// <summary>Says that the present step writes only if it finds <paramref name="expected"/>.</summary>
    internal void Expect(T expected)
    {
        if (World.Recorder is { } recorder)
        {
            _expected = expected;
            recorder.Condition(this, this);
        }
    }

    /// <summary>The writing half of a LOCKed operation; the store buffer has drained.</summary>
    internal void Replace(StepContext context, T value)
    {
        if (context.RunsInline)
        {
            _value = value;
            return;
        }

        context.Window.Clear();
        Commit(value);
    }

    /// <summary>A LOCKed operation that found what it didn't expect, and so only read.</summary>
    internal void Inspect(StepContext context)
    {
        if (!context.RunsInline)
        {
            context.Window.Note(this);
            World.Touch(Id, AccessKind.Read);
        }
    }

    void IBufferedTarget.CommitOldest(int cpu)
    {
        PendingStores<T> stores = StoresOf(cpu)!;
        T value = stores.TakeOldest();
        Commit(value);
        stores.NoteVisible(Version);
        World.Trace?.Note("drain", this, value);
    }

    internal override void Rewind(int version) => Version = _earlier.Rewind(version, Version, ref _value);

    internal override void Restore() => Version = _earlier.Restore(out _value);

    private T LoadExplored(StepContext context)
    {
        T value = _value;
        SharedLocation source = this;
        if (context.Buffer is not null && StoresOf(context.Cpu) is { Count: > 0 } stores)
        {
            value = stores.Newest;
            source = stores;
        }

        context.Window.Note(source);
        World.Touch(source.Id, AccessKind.Read);
        World.Trace?.Note("read", this, value);
        return value;
    }

    private void StoreExplored(StepContext context, T value)
    {
        context.Window.Clear();
        World.Trace?.Note("write", this, value);
        if (context.Buffer is not { } buffer)
        {
            Commit(value);
            return;
        }

        PendingStores<T>? stores = StoresOf(context.Cpu);
        if (stores is null)
        {
            stores = new PendingStores<T>(World, context.Cpu);
            stores.Bind(Name, Key);
            _pending.Add(stores);
        }

        stores.Add(value);
        buffer.Enqueue(this);
    }

    private PendingStores<T>? StoresOf(int cpu)
    {
        foreach (PendingStores<T> stores in _pending)
        {
            if (stores.Cpu == cpu)
            {
                return stores;
            }
        }

        return null;
    }
}
