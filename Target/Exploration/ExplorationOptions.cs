using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>What to explore and how far. Every bound has a unit and a default.</summary>
public sealed record ExplorationOptions
{
    /// <summary>How runs are picked.</summary>
    public Strategy Strategy { get; init; } = Strategy.Optimal;

    /// <summary>Whether CPUs have store buffers.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.SequentiallyConsistent;

    /// <summary>What the random strategies are a function of.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The most executions to make. Null: 10,000 for the random strategies, no bound for the others. With shards, random
    /// strategies divide this number, the others apply it per shard.
    /// </summary>
    public long? ExecutionCountMax { get; init; }

    /// <summary>The most steps one execution may take before it is cut off, in steps.</summary>
    public int StepCountMax { get; init; } = 10_000;

    /// <summary>For <see cref="Strategy.PreemptionBounded"/>: the most preemptions per execution.</summary>
    public int PreemptionCountMax { get; init; } = 2;

    /// <summary>For <see cref="Strategy.DelayBounded"/>: the most delays per execution.</summary>
    public int DelayCountMax { get; init; } = 2;

    /// <summary>For <see cref="Strategy.Pct"/>: how many ordering constraints a bug may need, from 1.</summary>
    public int PctDepth { get; init; } = 3;

    /// <summary>For <see cref="Strategy.Pct"/>: how long a run is, in steps; 0: as long as a round-robin run.</summary>
    public long PctStepCount { get; init; }

    /// <summary>After how many reads of unchanged locations a task counts as spinning; see <see cref="WorldOptions"/>.</summary>
    public int SpinReadLimit { get; init; } = 20;

    /// <summary>Whether to stop at the first violation, or to go on and keep one counterexample per property.</summary>
    public bool StopAtFirstViolation { get; init; } = true;

    /// <summary>The most runs to spend on making a counterexample smaller; 0: leave it as found.</summary>
    public int ShrinkRunCountMax { get; init; } = 5_000;

    /// <summary>The most distinct outcomes to keep; beyond that they are no longer told apart.</summary>
    public int OutcomeCountMax { get; init; } = 100_000;

    /// <summary>Which part of the whole.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>How many executions lie between two reports of progress.</summary>
    public int ProgressInterval { get; init; } = 4_096;

    /// <summary>Whether runs of the strategy are independent of each other, so that there is no tree and no end.</summary>
    internal bool IsRandom => Strategy is Strategy.Random or Strategy.Pct;

    internal long EffectiveExecutionCountMax => ExecutionCountMax ?? (IsRandom ? 10_000 : long.MaxValue);

    internal WorldOptions WorldOptions => new() { Memory = Memory, SpinReadLimit = SpinReadLimit };

    /// <summary>
    /// What the strategy leaves out, for people: "2 preemptions", "10000 executions"; empty if it leaves out nothing.
    /// </summary>
    public string BoundText
    {
        get
        {
            string bound = Strategy switch
            {
                Strategy.PreemptionBounded => $"{PreemptionCountMax} preemptions",
                Strategy.DelayBounded => $"{DelayCountMax} delays",
                Strategy.Pct => $"depth {PctDepth}",
                _ => "",
            };
            long executions = EffectiveExecutionCountMax;
            return executions == long.MaxValue ? bound : $"{(bound.Length == 0 ? "" : bound + ", ")}{executions} executions";
        }
    }

    /// <summary>
    /// Everything that decides which runs there are, shards apart: parts of one exploration agree on it, and so do a checkpoint
    /// and what goes on from it.
    /// </summary>
    internal string Identity => string.Join(' ', Strategy, Memory, $"seed={Seed}", $"executions={EffectiveExecutionCountMax}",
        $"steps={StepCountMax}", $"preemptions={PreemptionCountMax}", $"delays={DelayCountMax}", $"depth={PctDepth}",
        $"length={PctStepCount}", $"spin={SpinReadLimit}", $"first={StopAtFirstViolation}");

    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StepCountMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ExecutionCountMax ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(PreemptionCountMax);
        ArgumentOutOfRangeException.ThrowIfNegative(DelayCountMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(PctDepth, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(PctStepCount);
        ArgumentOutOfRangeException.ThrowIfNegative(SpinReadLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(ShrinkRunCountMax);
        ArgumentOutOfRangeException.ThrowIfNegative(OutcomeCountMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(ProgressInterval, 1);
    }
}
