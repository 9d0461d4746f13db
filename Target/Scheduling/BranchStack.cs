namespace KgdbSim.Target.Scheduling;

/// <summary>
/// A depth-first walk over a tree that is only seen by running: each run follows the recorded branches, and takes the first
/// one wherever it comes to a new fork.
/// </summary>
internal sealed class BranchStack(Shard shard)
{
    private readonly List<(int Count, int Taken)> _forks = [];
    private int _depth;
    private long _width;
    private bool _started;
    private bool _foreign;

    /// <summary>How many subtrees below the part that all shards walk alike were met so far.</summary>
    public long SubtreeCount { get; private set; }

    /// <summary>Whether the present run belongs to another shard and has been cut short.</summary>
    public bool IsForeign => _foreign;

    public IReadOnlyList<(int Count, int Taken)> Forks => _forks;

    /// <summary>Whether a policy has ever offered fewer branches than there were.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>How many branches along the path have not been taken yet.</summary>
    public long FrontierCount
    {
        get
        {
            long count = 0;
            foreach ((int branches, int taken) in _forks)
            {
                count += branches - taken - 1;
            }

            return count;
        }
    }

    /// <summary>The part done if all branches of a fork weigh the same, from 0 to 1.</summary>
    public double FractionDone
    {
        get
        {
            double done = 0;
            double weight = 1;
            foreach ((int branches, int taken) in _forks)
            {
                weight /= branches;
                done += weight * taken;
            }

            return done;
        }
    }

    /// <summary>Moves on to the next leaf; false if there is none.</summary>
    public bool BeginRun()
    {
        if (_started && !Backtrack())
        {
            return false;
        }

        _started = true;
        _depth = 0;
        _width = 1;
        _foreign = false;
        if (_width >= shard.SharedWidth)
        {
            EnterSubtree();
        }

        return true;
    }

    /// <summary>The branch to take at a fork with <paramref name="count"/> branches; -1: this subtree is another shard's.</summary>
    public int Take(int count)
    {
        if (_foreign)
        {
            return -1;
        }

        if (count == 1)
        {
            return 0;
        }

        if (_depth == _forks.Count)
        {
            _forks.Add((count, 0));
        }

        if (_forks[_depth].Count != count)
        {
            throw new ProgramNotDeterministicException(
                $"Fork {_depth} had {_forks[_depth].Count} branches before and has {count} now.");
        }

        int taken = _forks[_depth++].Taken;
        if (_width < shard.SharedWidth)
        {
            _width *= count;
            if (_width >= shard.SharedWidth && _depth == _forks.Count)
            {
                EnterSubtree();
            }
        }

        return taken;
    }

    /// <summary>A run has ended by itself; one that never left the shared part is a subtree of its own.</summary>
    /// <returns>Whether it is this shard's to count.</returns>
    public bool EndRun()
    {
        if (_width < shard.SharedWidth)
        {
            EnterSubtree();
        }

        return !_foreign;
    }

    /// <summary>A bound keeps some branches from being taken.</summary>
    public void NoteCut() => WasCutShort = true;

    /// <summary>One branch per number in [0, <paramref name="bound"/>), or as many as one can try.</summary>
    public ulong TakeNumber(ulong bound)
    {
        WasCutShort |= bound > ISchedulePolicy.NumberBranchesMax;
        return (ulong)Math.Max(0, Take((int)Math.Min(bound, ISchedulePolicy.NumberBranchesMax)));
    }

    /// <summary>Goes on where another process stopped.</summary>
    public void Restore(IEnumerable<(int Count, int Taken)> forks, long subtreeCount, bool wasCutShort)
    {
        _forks.Clear();
        WasCutShort = wasCutShort;
        _forks.AddRange(forks);
        SubtreeCount = subtreeCount;
        _started = true;
    }

    private void EnterSubtree() => _foreign = !shard.HasSubtree(SubtreeCount++);

    private bool Backtrack()
    {
        while (_forks.Count > 0)
        {
            (int count, int taken) = _forks[^1];
            if (taken + 1 < count)
            {
                _forks[^1] = (count, taken + 1);
                return true;
            }

            _forks.RemoveAt(_forks.Count - 1);
        }

        return false;
    }
}
