using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>What a policy may know when it chooses.</summary>
public readonly ref struct ChoicePoint
{
    /// <summary>A moment of a run.</summary>
    public ChoicePoint(ReadOnlySpan<int> enabled, IReadOnlyList<IRunnable> runnables, int current, long step)
    {
        Enabled = enabled;
        Runnables = runnables;
        Current = current;
        Step = step;
    }

    /// <summary>Who can take a step: indices into <see cref="Runnables"/>, ascending, at least one.</summary>
    public ReadOnlySpan<int> Enabled { get; }

    /// <summary>Everyone, in order of creation within this run.</summary>
    public IReadOnlyList<IRunnable> Runnables { get; }

    /// <summary>Who took the step before, or -1 at the beginning.</summary>
    public int Current { get; }

    /// <summary>How many choices this run has seen before.</summary>
    public long Step { get; }

    /// <summary>Whether whoever took the step before could go on: choosing somebody else preempts it.</summary>
    public bool CurrentIsEnabled => Enabled.Contains(Current);

    /// <summary>
    /// The <paramref name="rank"/>-th enabled runnable when one begins with <see cref="Current"/> (or, if that cannot go on,
    /// with the next after it) and goes round.
    /// </summary>
    public int InTurn(int rank)
    {
        int first = 0;
        while (first < Enabled.Length && Enabled[first] < Current)
        {
            first++;
        }

        return Enabled[(first + rank) % Enabled.Length];
    }
}
