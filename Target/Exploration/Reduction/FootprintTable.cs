using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Every set of accesses that some step had, each kept once: sleep sets and wakeup trees outlive the execution their steps
/// were seen in, and refer to accesses by number.
/// </summary>
internal sealed class FootprintTable
{
    private readonly List<(int Location, AccessKind Kind)[]> _footprints = [];
    private int[] _slots = new int[256];

    public int Count => _footprints.Count;

    public ReadOnlySpan<(int Location, AccessKind Kind)> this[int footprint] => _footprints[footprint];

    /// <summary>The number of a set of accesses.</summary>
    public int Intern(ReadOnlySpan<ExecutionAccess> accesses)
    {
        Span<(int, AccessKind)> pairs = accesses.Length <= 16 ? stackalloc (int, AccessKind)[accesses.Length]
            : new (int, AccessKind)[accesses.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (accesses[i].Location, accesses[i].Kind);
        }

        return Intern(pairs);
    }

    /// <summary>The number of a set of accesses.</summary>
    public int Intern(ReadOnlySpan<(int Location, AccessKind Kind)> accesses)
    {
        StableHash hash = new(0);
        foreach ((int location, AccessKind kind) in accesses)
        {
            hash.Add(((ulong)kind << 32) | (uint)location);
        }

        int slot = (int)(hash.Value & (uint)(_slots.Length - 1));
        while (_slots[slot] != 0)
        {
            if (accesses.SequenceEqual(_footprints[_slots[slot] - 1]))
            {
                return _slots[slot] - 1;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        _footprints.Add(accesses.ToArray());
        _slots[slot] = _footprints.Count;
        if (_footprints.Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return _footprints.Count - 1;
    }

    /// <summary>Whether a step with this footprint commutes with a step of another process that has these accesses.</summary>
    public bool Commutes(int footprint, ReadOnlySpan<ExecutionAccess> accesses)
    {
        foreach ((int location, AccessKind kind) in _footprints[footprint])
        {
            foreach (ref readonly ExecutionAccess access in accesses)
            {
                if (access.Location == location && (access.Kind == AccessKind.Write || kind == AccessKind.Write))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether two steps of different processes with these accesses commute.</summary>
    public static bool Commutes(ReadOnlySpan<ExecutionAccess> accesses, ReadOnlySpan<ExecutionAccess> others)
    {
        foreach (ref readonly ExecutionAccess access in accesses)
        {
            foreach (ref readonly ExecutionAccess other in others)
            {
                if (access.Location == other.Location && (access.Kind == AccessKind.Write || other.Kind == AccessKind.Write))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether two steps of different processes with these footprints commute.</summary>
    public bool Commutes(int footprint, int other)
    {
        foreach ((int location, AccessKind kind) in _footprints[footprint])
        {
            foreach ((int otherLocation, AccessKind otherKind) in _footprints[other])
            {
                if (location == otherLocation && (kind == AccessKind.Write || otherKind == AccessKind.Write))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Rehash()
    {
        List<(int Location, AccessKind Kind)[]> all = [.. _footprints];
        _footprints.Clear();
        _slots = new int[2 * _slots.Length];
        foreach ((int Location, AccessKind Kind)[] footprint in all)
        {
            Intern(footprint);
        }
    }
}
