using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>Each choice uniform among the enabled; each number uniform in its range.</summary>
public sealed class RandomPolicy(ulong seed) : ISchedulePolicy
{
    private Prng _prng;

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _prng = RunSeed.Of(seed, run);
        return true;
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point) => point.Enabled[(int)_prng.NextBelow((ulong)point.Enabled.Length)];

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => _prng.NextBelow(bound);
}
