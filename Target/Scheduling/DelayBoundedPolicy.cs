namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Every interleaving that a fixed scheduler (go on while possible, then the next in turn) produces with at most so many
/// delays, each of which passes over whoever would have been next (Emmi, Qadeer, Rakamaric, POPL 2011).
/// </summary>
public sealed class DelayBoundedPolicy : BoundedPolicy
{
    /// <summary>A walk over the whole bounded space.</summary>
    public DelayBoundedPolicy(int delayCountMax) : this(delayCountMax, Shard.Whole)
    {
    }

    /// <summary>A walk over one part of it.</summary>
    public DelayBoundedPolicy(int delayCountMax, Shard shard) : base(delayCountMax, shard)
    {
    }

    private protected override int CostOf(in ChoicePoint point, int rank) => rank;

    private protected override int CountWithin(in ChoicePoint point, int rest) => Math.Min(point.Enabled.Length, rest + 1);
}
