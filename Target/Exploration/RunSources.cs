using KgdbSim.Target.Exploration.Reduction;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Sets a strategy up.</summary>
internal static class RunSources
{
    public static IRunSource Create(World world, IProgram program, ExplorationOptions options)
    {
        Shard shard = options.Shard;
        int steps = options.StepCountMax;
        switch (options.Strategy)
        {
            case Strategy.Optimal:
                return new OptimalReduction(world, program, steps, shard);
            case Strategy.Exhaustive:
                ExhaustivePolicy exhaustive = new(shard);
                return new TreeRuns(world, program, exhaustive, exhaustive.Branches, steps);
            case Strategy.PreemptionBounded:
                PreemptionBoundedPolicy preemptions = new(options.PreemptionCountMax, shard);
                return new TreeRuns(world, program, preemptions, preemptions.Branches, steps);
            case Strategy.DelayBounded:
                DelayBoundedPolicy delays = new(options.DelayCountMax, shard);
                return new TreeRuns(world, program, delays, delays.Branches, steps);
            case Strategy.Random:
                return Independent(new RandomPolicy(options.Seed));
            case Strategy.Pct:
                return Independent(new PctPolicy(options.Seed, options.PctDepth, PctStepCount(program, options)));
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Strategy, "There is no such strategy.");
        }

        IndependentRuns Independent(ISchedulePolicy policy) =>
            new(world, program, policy, shard, options.EffectiveExecutionCountMax, steps);
    }

    /// <summary>How long runs are, from one run that doesn't depend on the shard.</summary>
    private static long PctStepCount(IProgram program, ExplorationOptions options)
    {
        if (options.PctStepCount > 0)
        {
            return options.PctStepCount;
        }

        World world = new(options.WorldOptions);
        RoundRobinPolicy policy = new();
        Scheduler scheduler = new(world, policy);
        scheduler.Begin();
        world.Begin(program);
        scheduler.Run(options.StepCountMax);
        return Math.Max(1, scheduler.StepCount);
    }
}
