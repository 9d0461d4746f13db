using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): random priorities, the
/// highest enabled one runs, and at depth-1 random steps the running one falls below all others. With n runnables and k steps
/// one run finds a bug of depth d with probability at least 1/(n k^(d-1)).
/// </summary>
public sealed class PctPolicy : ISchedulePolicy
{
    private readonly ulong _seed;
    private readonly long[] _changeSteps;
    private readonly long _stepCountExpected;
    private readonly List<ulong> _priorities = [];
    private Prng _prng;

    /// <summary>A policy for bugs of a given depth.</summary>
    /// <param name="seed">What all runs are a function of.</param>
    /// <param name="depth">How many ordering constraints the bug needs, at least 1.</param>
    /// <param name="stepCountExpected">k: about how many steps a run has, at least 1.</param>
    public PctPolicy(ulong seed, int depth, long stepCountExpected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCountExpected, 1);
        _seed = seed;
        _stepCountExpected = stepCountExpected;
        _changeSteps = new long[depth - 1];
    }

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _prng = RunSeed.Of(_seed, run);
        _priorities.Clear();
        for (int i = 0; i < _changeSteps.Length; i++)
        {
            _changeSteps[i] = (long)_prng.NextBelow((ulong)_stepCountExpected);
        }

        return true;
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        while (_priorities.Count < point.Runnables.Count)
        {
            // Above every priority that a change step hands out.
            _priorities.Add(_prng.NextUInt64() | (1UL << 63));
        }

        // The step that is about to be taken is a change step: whoever would take it falls first.
        int chosen = Highest(point.Enabled);
        for (int i = 0; i < _changeSteps.Length; i++)
        {
            if (_changeSteps[i] == point.Step)
            {
                _priorities[chosen] = (ulong)(_changeSteps.Length - i);
                chosen = Highest(point.Enabled);
            }
        }

        return chosen;
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => _prng.NextBelow(bound);

    private int Highest(ReadOnlySpan<int> enabled)
    {
        int best = enabled[0];
        foreach (int candidate in enabled)
        {
            best = _priorities[candidate] > _priorities[best] ? candidate : best;
        }

        return best;
    }
}
