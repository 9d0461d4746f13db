using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>One step of the execution under consideration.</summary>
internal struct ExecutionEvent
{
    /// <summary>Who took it, as a number that is the same in every execution.</summary>
    public int Process;

    /// <summary>Who took it, by order of creation in this execution.</summary>
    public int Runnable;

    /// <summary>The how-manieth step of its process, from 1.</summary>
    public int Ordinal;

    /// <summary>The number it drew, or -1.</summary>
    public int Alternative;

    /// <summary>From how many it was drawn; 0 if nothing was.</summary>
    public int AlternativeCount;

    /// <summary>Where its accesses begin.</summary>
    public int FirstAccess;

    /// <summary>How many there are.</summary>
    public int AccessCount;

    /// <summary>How many races, and clocks of races, were known before it.</summary>
    public int RaceCountBefore;
    public int RaceClockCountBefore;

    /// <summary>Its accesses as one number, once somebody asked; else -1.</summary>
    public int Footprint;
}

/// <summary>One use of one location by one event.</summary>
internal struct ExecutionAccess
{
    public int Location;
    public int Event;

    /// <summary>The access that wrote the location before this one, or -1.</summary>
    public int PreviousWrite;

    public AccessKind Kind;
}

/// <summary>The events of one execution with their accesses and vector clocks, in growing arrays that are never given back.</summary>
internal sealed class EventTable
{
    /// <summary>More processes than this and reader sets no longer fit a word.</summary>
    public const int ProcessCountMax = 64;

    private ExecutionEvent[] _events = new ExecutionEvent[64];
    private ExecutionAccess[] _accesses = new ExecutionAccess[128];
    private int[] _clocks = [];
    private int[] _counts = [];
    private int[][] _positions = [];

    public EventTable() => Widen(8);

    /// <summary>How many events there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many accesses they have.</summary>
    public int AccessCount { get; set; }

    /// <summary>The length of a clock: an upper bound on process numbers.</summary>
    public int Width { get; private set; }

    public ref ExecutionEvent this[int position] => ref _events[position];

    public ref ExecutionAccess Access(int index) => ref _accesses[index];

    /// <summary>For each process, how many of its events happen before or are this one.</summary>
    public Span<int> ClockOf(int position) => _clocks.AsSpan(position * Width, Width);

    /// <summary>For each process, how many of its events come earlier in the execution.</summary>
    public Span<int> CountsBefore(int position) => _counts.AsSpan(position * Width, Width);

    /// <summary>Where the <paramref name="ordinal"/>-th event of a process stands.</summary>
    public int Position(int process, int ordinal) => _positions[process][ordinal];

    public ReadOnlySpan<ExecutionAccess> AccessesOf(int position) =>
        _accesses.AsSpan(_events[position].FirstAccess, _events[position].AccessCount);

    /// <summary>Whether the event at <paramref name="earlier"/> happens before the one at <paramref name="later"/>.</summary>
    public bool HappensBefore(int earlier, int later)
    {
        ref ExecutionEvent first = ref _events[earlier];
        return _clocks[(later * Width) + first.Process] >= first.Ordinal;
    }

    /// <summary>The event as a step to be taken again.</summary>
    public PlannedStep PlannedStepAt(int position, FootprintTable footprints)
    {
        ref ExecutionEvent taken = ref _events[position];
        if (taken.Footprint < 0)
        {
            taken.Footprint = footprints.Intern(AccessesOf(position));
        }

        return new PlannedStep(taken.Process, taken.Alternative, taken.AlternativeCount, taken.Footprint);
    }

    /// <summary>Makes room for an event at the end; the caller fills it in.</summary>
    public ref ExecutionEvent Add(int process)
    {
        EnsureWidth(process);
        if (Count + 1 >= _events.Length)
        {
            Array.Resize(ref _events, 2 * _events.Length);
            Array.Resize(ref _clocks, _events.Length * Width);
            Array.Resize(ref _counts, _events.Length * Width);
        }

        // Row Count holds the totals before the new event; row Count + 1 becomes the totals after it.
        Span<int> after = CountsBefore(Count + 1);
        Clock.Copy(CountsBefore(Count), after);
        int ordinal = ++after[process];
        ref int[] positions = ref _positions[process];
        if (ordinal >= positions.Length)
        {
            Array.Resize(ref positions, 2 * positions.Length);
        }

        positions[ordinal] = Count;
        ref ExecutionEvent added = ref _events[Count++];
        added = new ExecutionEvent
        {
            Process = process,
            Ordinal = ordinal,
            Alternative = -1,
            FirstAccess = AccessCount,
            Footprint = -1,
        };
        return ref added;
    }

    /// <summary>Makes clocks long enough for a process.</summary>
    public void EnsureWidth(int process)
    {
        if (process >= Width)
        {
            Widen((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)process + 1));
        }
    }

    public ref ExecutionAccess AddAccess()
    {
        if (AccessCount == _accesses.Length)
        {
            Array.Resize(ref _accesses, 2 * _accesses.Length);
        }

        return ref _accesses[AccessCount++];
    }

    /// <summary>Forgets all events from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        if (count < Count)
        {
            AccessCount = _events[count].FirstAccess;
            Count = count;
        }
    }

    private void Widen(int width)
    {
        int oldWidth = Width;
        int[] clocks = new int[_events.Length * width];
        int[] counts = new int[_events.Length * width];
        for (int i = 0; i <= Count && oldWidth != 0; i++)
        {
            _clocks.AsSpan(i * oldWidth, oldWidth).CopyTo(clocks.AsSpan(i * width));
            _counts.AsSpan(i * oldWidth, oldWidth).CopyTo(counts.AsSpan(i * width));
        }

        _clocks = clocks;
        _counts = counts;
        Array.Resize(ref _positions, width);
        for (int process = oldWidth; process < width; process++)
        {
            _positions[process] = new int[8];
        }

        Width = width;
    }
}
