using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Records an execution step by step: what each step touches, what happens before it, and which earlier steps it races with.
/// The steps of a prefix taken over from the execution before are only followed, not recorded again.
/// </summary>
internal sealed class ExecutionLog : IStepRecorder
{
    private readonly List<(int Position, bool OrderOnly)> _predecessors = [];
    private readonly List<Race> _races = [];
    private readonly List<int> _waitRaces = [];
    private readonly RaceClocks _raceClocks = new();
    private readonly WaitAnalysis _waits;
    private bool _recording;

    public ExecutionLog() => _waits = new WaitAnalysis(Events, Uses, _raceClocks);

    public EventTable Events { get; } = new();

    public LocationUses Uses { get; } = new();

    public FootprintTable Footprints { get; } = new();

    /// <summary>Races whose later step is new in this execution.</summary>
    public ReadOnlySpan<Race> Races => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_races);

    /// <inheritdoc/>
    public int CurrentEvent { get; private set; } = -1;

    public ReadOnlySpan<int> ClockOf(in Race race) =>
        race.ClockRow >= 0 ? _raceClocks.Row(race.ClockRow, Events.Width) : Events.Clock(race.Second);

    /// <summary>Begins an execution whose first <paramref name="kept"/> events are those of the one before.</summary>
    public void BeginExecution(int kept)
    {
        Events.Truncate(kept);
        Uses.Clear();
        _races.Clear();
        _raceClocks.Clear();
        CurrentEvent = -1;
        _recording = false;
    }

    /// <summary>The step about to be taken is one of the prefix.</summary>
    public void BeginKept(int position)
    {
        CurrentEvent = position;
        _recording = false;
    }

    /// <summary>The step of the prefix has been taken.</summary>
    public void EndKept(int position) => NoteUses(position);

    /// <summary>A new step is about to be taken.</summary>
    /// <param name="process">By whom, as a stable number.</param>
    /// <param name="runnable">By whom, by order of creation.</param>
    /// <param name="createdBy">The event that created it, or -1.</param>
    public void Begin(int process, int runnable, int createdBy)
    {
        ref ExecutionEvent added = ref Events.Add(process);
        added.Runnable = runnable;
        CurrentEvent = Events.Count - 1;
        Span<int> clock = Events.Clock(CurrentEvent);
        int origin = added.Ordinal > 1 ? Events.Position(process, added.Ordinal - 1) : createdBy;
        if (origin >= 0)
        {
            Events.Clock(origin).CopyTo(clock);
        }
        else
        {
            clock.Clear();
        }

        _predecessors.Clear();
        _waitRaces.Clear();
        _recording = true;
    }

    /// <summary>The new step drew a number.</summary>
    public void NoteDraw(int alternative, int count)
    {
        ref ExecutionEvent current = ref Events[CurrentEvent];
        current.Alternative = alternative;
        current.AlternativeCount = count;
    }

    /// <inheritdoc/>
    public void Touch(int location, AccessKind kind) => Touch(location, kind, false);

    /// <inheritdoc/>
    public void Follow(int earlier)
    {
        if (_recording && earlier >= 0)
        {
            AddPredecessor(earlier, true);
        }
    }

    /// <inheritdoc/>
    public void Waited(StepContext context)
    {
        if (!_recording)
        {
            return;
        }

        PendingWait wait = context.Wait;
        _waits.FindRaces(wait, Events.Clock(CurrentEvent), _waitRaces);
        for (int i = 0; i < wait.LocationCount; i++)
        {
            Touch(wait.Location(i).Id, wait.Kind(i), true);
        }
    }

    /// <summary>The new step has been taken: its clock and its races are now known.</summary>
    public void End()
    {
        int position = CurrentEvent;
        ref ExecutionEvent current = ref Events[position];
        current.AccessCount = Events.AccessCount - current.FirstAccess;
        Span<int> clock = Events.Clock(position);
        foreach ((int predecessor, bool orderOnly) in _predecessors)
        {
            if (!orderOnly && clock[Events[predecessor].Process] < Events[predecessor].Ordinal
                && !ReachesAnotherPredecessor(predecessor))
            {
                _races.Add(new Race
                {
                    First = predecessor,
                    Second = position,
                    Process = current.Process,
                    Alternative = current.Alternative,
                    Footprint = -1,
                    ClockRow = -1,
                });
            }
        }

        AddWaitRaces(position);
        foreach ((int predecessor, _) in _predecessors)
        {
            Join(clock, Events.Clock(predecessor));
        }

        clock[current.Process] = current.Ordinal;
        NoteUses(position);
        _recording = false;
    }

    /// <summary>The execution is over, and <paramref name="context"/> still waits: that too may be due to a race.</summary>
    public void NotePending(int process, int createdBy, StepContext context)
    {
        PendingWait wait = context.Wait;
        Span<int> clock = stackalloc int[Events.Width];
        clock.Clear();
        int count = Events.CountsBefore(Events.Count)[process];
        int origin = count > 0 ? Events.Position(process, count) : createdBy;
        if (origin >= 0)
        {
            Events.Clock(origin).CopyTo(clock);
        }

        _waitRaces.Clear();
        _waits.FindRaces(wait, clock, _waitRaces);
        if (_waitRaces.Count == 0)
        {
            return;
        }

        Span<(int, AccessKind)> accesses = stackalloc (int, AccessKind)[wait.LocationCount];
        for (int i = 0; i < accesses.Length; i++)
        {
            accesses[i] = (wait.Location(i).Id, wait.Kind(i));
        }

        int footprint = Footprints.Intern(accesses);
        foreach (int row in _waitRaces)
        {
            _races.Add(new Race
            {
                First = _raceClocks.FirstOf(row),
                Second = -1,
                Process = process,
                Alternative = -1,
                Footprint = footprint,
                ClockRow = row,
            });
        }
    }

    private static void Join(Span<int> clock, ReadOnlySpan<int> other)
    {
        for (int i = 0; i < clock.Length; i++)
        {
            clock[i] = Math.Max(clock[i], other[i]);
        }
    }

    private void Touch(int location, AccessKind kind, bool waited)
    {
        if (!_recording)
        {
            CheckKept(location, kind);
            return;
        }

        int first = Events[CurrentEvent].FirstAccess;
        for (int i = first; i < Events.AccessCount; i++)
        {
            ref ExecutionAccess known = ref Events.Access(i);
            if (known.Location == location)
            {
                if (kind == AccessKind.Write && known.Kind == AccessKind.Read)
                {
                    known.Kind = AccessKind.Write;
                    FollowReaders(location);
                }

                return;
            }
        }

        int lastWrite = Uses.LastWrite(location);
        ref ExecutionAccess access = ref Events.AddAccess();
        access.Location = location;
        access.Event = CurrentEvent;
        access.Kind = kind;
        access.PreviousWrite = lastWrite;
        if (lastWrite >= 0)
        {
            AddPredecessor(Events.Access(lastWrite).Event, waited);
        }

        if (kind == AccessKind.Write)
        {
            FollowReaders(location);
        }
    }

    private void FollowReaders(int location)
    {
        for (ulong readers = Uses.Readers(location); readers != 0; readers &= readers - 1)
        {
            AddPredecessor(Uses.LastRead(location, System.Numerics.BitOperations.TrailingZeroCount(readers)), false);
        }
    }

    private void AddPredecessor(int position, bool orderOnly)
    {
        if (Events[position].Process == Events[CurrentEvent].Process)
        {
            return;
        }

        for (int i = 0; i < _predecessors.Count; i++)
        {
            if (_predecessors[i].Position == position)
            {
                // Order through a wait says nothing against reversing; a conflict elsewhere does say something for it.
                _predecessors[i] = (position, orderOnly && _predecessors[i].OrderOnly);
                return;
            }
        }

        _predecessors.Add((position, orderOnly));
    }

    private bool ReachesAnotherPredecessor(int position)
    {
        foreach ((int other, _) in _predecessors)
        {
            if (other != position && Events.HappensBefore(position, other))
            {
                return true;
            }
        }

        return false;
    }

    /// <remarks>
    /// At this point the event's clock is still that of its process alone. What it follows for another reason than the wait
    /// stays before it when it is moved forward, so races with anything before that are not races.
    /// </remarks>
    private void AddWaitRaces(int position)
    {
        if (_waitRaces.Count == 0)
        {
            return;
        }

        Span<int> fixedOrder = stackalloc int[Events.Width];
        Events.Clock(position).CopyTo(fixedOrder);
        foreach ((int predecessor, bool orderOnly) in _predecessors)
        {
            if (!orderOnly)
            {
                Join(fixedOrder, Events.Clock(predecessor));
            }
        }

        ref ExecutionEvent current = ref Events[position];
        foreach (int row in _waitRaces)
        {
            int first = _raceClocks.FirstOf(row);
            if (fixedOrder[Events[first].Process] >= Events[first].Ordinal)
            {
                continue;
            }

            Join(_raceClocks.Row(row, Events.Width), fixedOrder);
            _races.Add(new Race
            {
                First = first,
                Second = position,
                Process = current.Process,
                Alternative = current.Alternative,
                Footprint = -1,
                ClockRow = row,
            });
        }
    }

    private void NoteUses(int position)
    {
        ref ExecutionEvent taken = ref Events[position];
        for (int i = taken.FirstAccess; i < taken.FirstAccess + taken.AccessCount; i++)
        {
            ref ExecutionAccess access = ref Events.Access(i);
            if (access.Kind == AccessKind.Write)
            {
                Uses.NoteWrite(access.Location, i);
            }
            else
            {
                Uses.NoteRead(access.Location, taken.Process, position);
            }
        }
    }

    private void CheckKept(int location, AccessKind kind)
    {
        if (CurrentEvent < 0)
        {
            return;
        }

        foreach (ref readonly ExecutionAccess access in Events.AccessesOf(CurrentEvent))
        {
            if (access.Location == location && access.Kind >= kind)
            {
                return;
            }
        }

        throw new ProgramNotDeterministicException(
            $"Step {CurrentEvent} was repeated under the same choices, and touched something it had not touched before.");
    }
}
