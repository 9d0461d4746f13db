namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Every interleaving in which at most so many times somebody who could have gone on is preempted (Musuvathi and Qadeer, PLDI
/// 2007); switching away from somebody who must wait is free.
/// </summary>
public sealed class PreemptionBoundedPolicy : BoundedPolicy
{
    /// <summary>A walk over the whole bounded space.</summary>
    public PreemptionBoundedPolicy(int preemptionCountMax) : this(preemptionCountMax, Shard.Whole)
    {
    }

    /// <summary>A walk over one part of it.</summary>
    public PreemptionBoundedPolicy(int preemptionCountMax, Shard shard) : base(preemptionCountMax, shard)
    {
    }

    private protected override int CostOf(in ChoicePoint point, int rank) => point.CurrentIsEnabled && rank > 0 ? 1 : 0;

    private protected override int CountWithin(in ChoicePoint point, int rest) =>
        point.CurrentIsEnabled && rest == 0 ? 1 : point.Enabled.Length;
}
