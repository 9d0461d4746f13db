using System.Runtime.InteropServices;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Records an execution step by step: what each step touches, what happens before it, and which earlier steps it races with.
/// The steps of a prefix taken over from the execution before are only followed, not recorded again.
/// </summary>
internal sealed class ExecutionLog : IStepRecorder
{
    private readonly Predecessors _predecessors = new();
    private readonly List<Race> _races = [];
    private readonly List<int> _waitRaces = [];
    private readonly RaceClocks _raceClocks = new();
    private readonly WaitAnalysis _waits;
    private SharedLocation? _conditionalLocation;
    private IConditionalAccess? _conditionalAccess;
    private bool _recording;

    public ExecutionLog() => _waits = new WaitAnalysis(Events, Uses, _raceClocks);

    public EventTable Events { get; } = new();

    public LocationUses Uses { get; } = new();

    public FootprintTable Footprints { get; } = new();

    /// <summary>All races of this execution, in order of their later steps.</summary>
    public ReadOnlySpan<Race> Races => CollectionsMarshal.AsSpan(_races);

    /// <summary>How many of them lie within the prefix.</summary>
    public int KeptRaceCount { get; private set; }

    /// <inheritdoc/>
    public int CurrentEvent { get; private set; } = -1;

    public ReadOnlySpan<int> ClockOf(in Race race) =>
        race.ClockRow >= 0 ? _raceClocks.Row(race.ClockRow, Events.Width) : Events.ClockOf(race.Second);

    /// <summary>Begins an execution whose first <paramref name="kept"/> events are those of the one before.</summary>
    public void BeginExecution(int kept)
    {
        KeptRaceCount = kept < Events.Count ? Events[kept].RaceCountBefore : 0;
        int clockCount = kept < Events.Count ? Events[kept].RaceClockCountBefore : 0;
        CollectionsMarshal.SetCount(_races, KeptRaceCount);
        _raceClocks.Truncate(clockCount);
        Events.Truncate(kept);
        Uses.Clear();
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
        added.RaceCountBefore = _races.Count;
        added.RaceClockCountBefore = _raceClocks.Count;
        CurrentEvent = Events.Count - 1;
        Span<int> clock = Events.ClockOf(CurrentEvent);
        int origin = added.Ordinal > 1 ? Events.Position(process, added.Ordinal - 1) : createdBy;
        if (origin >= 0)
        {
            Clock.Copy(Events.ClockOf(origin), clock);
        }
        else
        {
            clock.Clear();
        }

        _predecessors.Clear();
        _waitRaces.Clear();
        _conditionalLocation = null;
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
    public void Condition(SharedLocation location, IConditionalAccess access)
    {
        _conditionalLocation = location;
        _conditionalAccess = access;
    }

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
        _waits.FindRaces(wait, Events.ClockOf(CurrentEvent), _waitRaces);
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
        Span<int> clock = Events.ClockOf(position);
        foreach (ref readonly Predecessor predecessor in _predecessors.Items)
        {
            ref ExecutionEvent earlier = ref Events[predecessor.Position];
            if (!predecessor.IsOrderOnly && clock[earlier.Process] < earlier.Ordinal
                && !ReachesAnotherPredecessor(predecessor.Position))
            {
                _races.Add(new Race
                {
                    First = predecessor.Position,
                    Second = position,
                    Process = current.Process,
                    Alternative = current.Alternative,
                    Footprint = _conditionalLocation is null ? -1 : ConditionalFootprint(predecessor.Position),
                    ClockRow = -1,
                });
            }
        }

        AddWaitRaces(position);
        foreach (ref readonly Predecessor predecessor in _predecessors.Items)
        {
            Clock.Join(clock, Events.ClockOf(predecessor.Position));
        }

        clock[current.Process] = current.Ordinal;
        NoteUses(position);
        _recording = false;
    }

    /// <summary>The execution is over, and <paramref name="context"/> still waits: that too may be due to a race.</summary>
    public void NotePending(int process, int createdBy, StepContext context)
    {
        PendingWait wait = context.Wait;
        Events.EnsureWidth(process);
        Span<int> clock = stackalloc int[Events.Width];
        clock.Clear();
        int count = Events.CountsBefore(Events.Count)[process];
        int origin = count > 0 ? Events.Position(process, count) : createdBy;
        if (origin >= 0)
        {
            Events.ClockOf(origin).CopyTo(clock);
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

        _predecessors.Add(position, orderOnly);
    }

    /// <summary>What the current step touches if it comes before the write at <paramref name="first"/>; -1: the same.</summary>
    private int ConditionalFootprint(int first)
    {
        ref ExecutionEvent current = ref Events[CurrentEvent];
        int index = current.FirstAccess;
        while (Events.Access(index).Location != _conditionalLocation!.Id)
        {
            index++;
        }

        ref ExecutionAccess access = ref Events.Access(index);
        int version = _conditionalLocation.Version - (access.Kind == AccessKind.Write ? 1 : 0);
        _conditionalLocation.Rewind(version - _waits.CountWritesLeftOut(access.Location, first));
        AccessKind kind = _conditionalAccess!.KindNow;
        _conditionalLocation.Restore();
        if (kind == access.Kind)
        {
            return -1;
        }

        (access.Kind, kind) = (kind, access.Kind);
        int footprint = Footprints.Intern(Events.AccessesOf(CurrentEvent));
        access.Kind = kind;
        return footprint;
    }

    private bool ReachesAnotherPredecessor(int position)
    {
        foreach (ref readonly Predecessor other in _predecessors.Items)
        {
            if (other.Position != position && Events.HappensBefore(position, other.Position))
            {
                return true;
            }
        }

        return false;
    }

    /// <remarks>
    /// At this point the event's clock is still that of its process alone. What it follows for another reason than the wait
    /// stays before it when it is moved forward, so a race with anything before that is not one: unless the wait ended only
    /// after that, as with what an interrupt's handler wrote. Then both are left out together.
    /// </remarks>
    private void AddWaitRaces(int position)
    {
        ref ExecutionEvent current = ref Events[position];
        foreach (int row in _waitRaces)
        {
            int first = _raceClocks.FirstOf(row);
            if (FollowsApartFromWait(first))
            {
                continue;
            }

            JoinWhatStaysBefore(_raceClocks.Row(row, Events.Width), first, position);
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

    /// <summary>
    /// Whether the current step follows something that happens after <paramref name="first"/>, and that it could be moved
    /// before while the wait stays as it was.
    /// </summary>
    private bool FollowsApartFromWait(int first)
    {
        foreach (ref readonly Predecessor predecessor in _predecessors.Items)
        {
            if (!predecessor.IsOrderOnly && Events.HappensBefore(first, predecessor.Position)
                && !ReachesEndOfWait(predecessor.Position))
            {
                return true;
            }
        }

        return false;
    }

    private bool ReachesEndOfWait(int position)
    {
        foreach (ref readonly Predecessor other in _predecessors.Items)
        {
            if (other.IsOrderOnly && Events.HappensBefore(position, other.Position))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds to a clock the steps that the current one depends on and that don't happen after <paramref name="first"/>.</summary>
    private void JoinWhatStaysBefore(Span<int> clock, int first, int position)
    {
        ReadOnlySpan<ExecutionAccess> own = Events.AccessesOf(position);
        for (int earlier = first + 1; earlier < position; earlier++)
        {
            if (!Events.HappensBefore(first, earlier) && !FootprintTable.Commutes(own, Events.AccessesOf(earlier)))
            {
                Clock.Join(clock, Events.ClockOf(earlier));
            }
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
