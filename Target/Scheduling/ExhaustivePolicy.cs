namespace KgdbSim.Target.Scheduling;

/// <summary>Every interleaving and every drawn number, depth first, without any reduction.</summary>
public sealed class ExhaustivePolicy : ISchedulePolicy
{
    /// <summary>Numbers drawn from a larger range than this are only tried up to it, and the walk counts as cut short.</summary>
    public const int NumberBranchesMax = 1 << 16;

    /// <summary>A walk over the whole space.</summary>
    public ExhaustivePolicy() : this(Shard.Whole)
    {
    }

    /// <summary>A walk over one part of the space.</summary>
    public ExhaustivePolicy(Shard shard) => Branches = new BranchStack(shard);

    /// <summary>Whether some number was drawn from a range too large to try in full.</summary>
    public bool WasCutShort { get; private set; }

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
    public ulong DrawNumber(ulong bound)
    {
        WasCutShort |= bound > NumberBranchesMax;
        return (ulong)Math.Max(0, Branches.Take((int)Math.Min(bound, NumberBranchesMax)));
    }
}
