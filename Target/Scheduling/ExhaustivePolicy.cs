namespace KgdbSim.Target.Scheduling;

/// <summary>Every interleaving and every drawn number, depth first, without any reduction.</summary>
public sealed class ExhaustivePolicy : ISchedulePolicy
{
    /// <summary>A walk over the whole space.</summary>
    public ExhaustivePolicy() : this(Shard.Whole)
    {
    }

    /// <summary>A walk over one part of the space.</summary>
    public ExhaustivePolicy(Shard shard) => Branches = new BranchStack(shard);

    /// <summary>Whether some number was drawn from a range too large to try in full.</summary>
    public bool WasCutShort => Branches.WasCutShort;

    internal BranchStack Branches { get; }

    /// <inheritdoc/>
    public bool BeginRun(long run) => Branches.BeginRun();

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        int rank = Branches.Take(point.Enabled.Length);
        return rank < 0 ? ISchedulePolicy.EndRun : point.InTurn(rank);
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => Branches.TakeNumber(bound);
}
