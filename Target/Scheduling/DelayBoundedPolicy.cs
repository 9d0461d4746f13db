namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Every interleaving that a fixed scheduler (go on while possible, then the next in turn) produces with at most so many
/// delays, each of which passes over whoever would have been next (Emmi, Qadeer, Rakamaric, POPL 2011).
/// </summary>
public sealed class DelayBoundedPolicy : ISchedulePolicy
{
    private readonly int _delayCountMax;
    private int _delayCount;

    /// <summary>A walk over the whole bounded space.</summary>
    public DelayBoundedPolicy(int delayCountMax) : this(delayCountMax, Shard.Whole)
    {
    }

    /// <summary>A walk over one part of it.</summary>
    public DelayBoundedPolicy(int delayCountMax, Shard shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delayCountMax);
        _delayCountMax = delayCountMax;
        Branches = new BranchStack(shard);
    }

    /// <summary>Whether the bound has ever kept a choice from being tried: if not, the walk was exhaustive.</summary>
    public bool WasCutShort => Branches.WasCutShort;

    internal BranchStack Branches { get; }

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _delayCount = 0;
        return Branches.BeginRun();
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        int allowed = Math.Min(point.Enabled.Length, _delayCountMax - _delayCount + 1);
        if (allowed < point.Enabled.Length)
        {
            Branches.NoteCut();
        }

        int rank = Branches.Take(allowed);
        _delayCount += Math.Max(rank, 0);
        return rank < 0 ? ISchedulePolicy.EndRun : point.InTurn(rank);
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => Branches.TakeNumber(bound);
}
