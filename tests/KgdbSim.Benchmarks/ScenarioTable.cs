using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Benchmarks;

/// <summary>
/// How many executions the cured form of each scenario has, with partial-order reduction and without (or that they are more than
/// anybody counts), and the processor time of the former.
/// </summary>
internal static class ScenarioTable
{
    private static readonly string[] FirstTen =
        ["HB-01", "HB-03", "HB-07", "TP-02", "TP-04", "TP-05", "MK-03", "KP-03", "KP-04", "KP-08"];

    /// <param name="args">Scenarios by id, or <c>all</c>; none: the first ten. <c>-n</c> N first: count at most N without reduction.</param>
    public static int Run(string[] args)
    {
        long limit = 2_000_000;
        if (args is ["-n", string n, .. string[] rest])
        {
            limit = long.Parse(n);
            args = rest;
        }

        IEnumerable<Scenario> chosen = new ScenarioCatalogue().All
            .Where(scenario => args is ["all"] || (args.Length == 0 ? FirstTen : args).Contains(scenario.Id));
        Console.WriteLine($"{"variant",-22}{"verdict",-11}{"executions",12}{"redundant",11}{"steps",14}{"seconds",9}{"without reduction",20}");
        foreach (Scenario scenario in chosen)
        {
            foreach (ScenarioVariant variant in scenario.Variants)
            {
                Report(scenario, variant, limit);
            }
        }

        return 0;
    }

    private static void Report(Scenario scenario, ScenarioVariant variant, long limit)
    {
        ExplorationOptions options = new()
        {
            Memory = scenario.Memory,
            ExecutionCountMax = scenario.Bounds.ExecutionCountMax,
            StepCountMax = scenario.Bounds.StepCountMax,
            ShrinkRunCountMax = 0,
        };
        TimeSpan start = Environment.CpuUsage.UserTime;
        ExplorationReport reduced = Explorer.Explore(scenario.Program(variant), options);
        double seconds = (Environment.CpuUsage.UserTime - start).TotalSeconds;
        string all = "";
        if (!variant.IsViolated)
        {
            ExplorationReport exhaustive = Explorer.Explore(
                scenario.Program(variant), options with { Strategy = Strategy.Exhaustive, ExecutionCountMax = limit });
            all = exhaustive.Verdict == Verdict.Exhausted ? $"{exhaustive.ExecutionCount:n0}" : $"> {exhaustive.ExecutionCount:n0}";
        }

        Console.WriteLine($"{scenario.Id + "/" + variant.Name,-22}{reduced.Verdict,-11}{reduced.ExecutionCount,12:n0}"
            + $"{reduced.RedundantCount,11:n0}{reduced.StepCount,14:n0}{seconds,9:f2}{all,20}");
    }
}
