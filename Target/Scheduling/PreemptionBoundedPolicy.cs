namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Every interleaving in which at most so many times somebody who could have gone on is preempted (Musuvathi and Qadeer, PLDI
/// 2007); switching away from somebody who must wait is free.
/// </summary>
public sealed class PreemptionBoundedPolicy : ISchedulePolicy
{
    private readonly int _preemptionCountMax;
    private int _preemptionCount;

    /// <summary>A walk over the whole bounded space.</summary>
    public PreemptionBoundedPolicy(int preemptionCountMax) : this(preemptionCountMax, Shard.Whole)
    {
    }

    /// <summary>A walk over one part of it.</summary>
    public PreemptionBoundedPolicy(int preemptionCountMax, Shard shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(preemptionCountMax);
        _preemptionCountMax = preemptionCountMax;
        Branches = new BranchStack(shard);
    }

    /// <summary>Whether the bound has ever kept a choice from being tried: if not, the walk was exhaustive.</summary>
    public bool WasCutShort => Branches.WasCutShort;

    internal BranchStack Branches { get; }

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _preemptionCount = 0;
        return Branches.BeginRun();
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        bool mayGoOn = point.CurrentIsEnabled;
        bool bound = mayGoOn && _preemptionCount == _preemptionCountMax;
        if (bound && point.Enabled.Length > 1)
        {
            Branches.NoteCut();
        }

        int rank = Branches.Take(bound ? 1 : point.Enabled.Length);
        _preemptionCount += mayGoOn && rank > 0 ? 1 : 0;
        return rank < 0 ? ISchedulePolicy.EndRun : point.InTurn(rank);
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => Branches.TakeNumber(bound);
}
