using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Which earlier writes a waiting step could have come before. A plain access can go before any write it isn't ordered after;
/// a waiting one only if its condition held before that write. So the locations are rewound, write by write, and the condition
/// is asked; of the writes it could precede the latest count, those before them are reversed in turn from there.
/// </summary>
/// <remarks>
/// For a lock this finds the previous acquisition, not the release in between, which is the rule of Abdulla et al. (JACM
/// 64:4, section on disabling) and of Nidhugg for mutexes; for conditions on values it is the one of Jonsson, Lang, Sagonas
/// (FMCAD 2022) on awaits.
/// </remarks>
internal sealed class WaitAnalysis(EventTable events, LocationUses uses, RaceClocks clocks)
{
    private readonly List<int> _candidates = [];
    private int[] _versions = [];

    /// <summary>Finds the races of a step that waits.</summary>
    /// <param name="wait">What it waits, or waited, for.</param>
    /// <param name="ownClock">What happens before it even without the wait.</param>
    /// <param name="races">Receives rows of the race clocks.</param>
    public void FindRaces(PendingWait wait, ReadOnlySpan<int> ownClock, List<int> races)
    {
        CollectWrites(wait, ownClock);
        if (_versions.Length < wait.LocationCount)
        {
            _versions = new int[wait.LocationCount];
        }

        // Latest first.
        _candidates.Sort();
        for (int i = _candidates.Count - 1; i >= 0; i--)
        {
            int write = _candidates[i];
            if (!PrecedesFoundRace(write, races) && HeldWithout(write, wait))
            {
                races.Add(AddRow(write, wait, ownClock));
            }
        }
    }

    /// <summary>How many writes of a location are left out with the write at <paramref name="first"/>.</summary>
    public int CountWritesLeftOut(int location, int first)
    {
        int count = 0;
        for (int access = uses.LastWrite(location); IsLeftOut(access, first); access = events.Access(access).PreviousWrite)
        {
            count++;
        }

        return count;
    }

    private void CollectWrites(PendingWait wait, ReadOnlySpan<int> ownClock)
    {
        _candidates.Clear();
        for (int i = 0; i < wait.LocationCount; i++)
        {
            for (int access = uses.LastWrite(wait.Location(i).Id); access >= 0; access = events.Access(access).PreviousWrite)
            {
                int position = events.Access(access).Event;
                ref ExecutionEvent write = ref events[position];
                if (ownClock[write.Process] >= write.Ordinal)
                {
                    break;
                }

                if (!_candidates.Contains(position))
                {
                    _candidates.Add(position);
                }
            }
        }
    }

    private bool PrecedesFoundRace(int write, List<int> races)
    {
        foreach (int row in races)
        {
            if (events.HappensBefore(write, clocks.FirstOf(row)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the condition held with the write, and everything that happens after it, left out.</summary>
    private bool HeldWithout(int write, PendingWait wait)
    {
        for (int i = 0; i < wait.LocationCount; i++)
        {
            SharedLocation location = wait.Location(i);
            _versions[i] = location.Version - CountWritesLeftOut(location.Id, write);
        }

        return wait.HeldAt(_versions.AsSpan(0, wait.LocationCount));
    }

    /// <summary>A clock for the step as it is right before the write: its own past, and the writes it then sees.</summary>
    private int AddRow(int write, PendingWait wait, ReadOnlySpan<int> ownClock)
    {
        int row = clocks.Add(write, events.Width);
        Span<int> clock = clocks.Row(row, events.Width);
        ownClock.CopyTo(clock);
        for (int i = 0; i < wait.LocationCount; i++)
        {
            int access = uses.LastWrite(wait.Location(i).Id);
            while (IsLeftOut(access, write))
            {
                access = events.Access(access).PreviousWrite;
            }

            if (access >= 0)
            {
                Clock.Join(clock, events.ClockOf(events.Access(access).Event));
            }
        }

        return row;
    }

    private bool IsLeftOut(int access, int write) =>
        access >= 0 && (events.Access(access).Event == write || events.HappensBefore(write, events.Access(access).Event));
}
