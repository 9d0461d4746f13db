namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Every interleaving whose deviations from a fixed scheduler (go on while possible, then the next in turn) cost at most so much
/// together; what a deviation costs is what distinguishes the derived policies.
/// </summary>
public abstract class BoundedPolicy : ISchedulePolicy
{
    private readonly int _costMax;
    private int _cost;

    /// <param name="costMax">What the deviations of one run may cost together; 0 or more.</param>
    /// <param name="shard">Which part of the space is walked.</param>
    private protected BoundedPolicy(int costMax, Shard shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(costMax);
        _costMax = costMax;
        Branches = new BranchStack(shard);
    }

    /// <summary>Whether the bound has ever kept a choice from being tried: if not, the walk was exhaustive.</summary>
    public bool WasCutShort => Branches.WasCutShort;

    internal BranchStack Branches { get; }

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _cost = 0;
        return Branches.BeginRun();
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        int allowed = CountWithin(point, _costMax - _cost);
        if (allowed < point.Enabled.Length)
        {
            Branches.NoteCut();
        }

        int rank = Branches.Take(allowed);
        if (rank < 0)
        {
            return ISchedulePolicy.EndRun;
        }

        _cost += CostOf(point, rank);
        return point.InTurn(rank);
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => Branches.TakeNumber(bound);

    /// <summary>What choosing the one who is <paramref name="rank"/>th in turn costs; 0 for the first.</summary>
    private protected abstract int CostOf(in ChoicePoint point, int rank);

    /// <summary>How many, in turn, cost at most <paramref name="rest"/> each; at least 1.</summary>
    private protected abstract int CountWithin(in ChoicePoint point, int rest);
}
