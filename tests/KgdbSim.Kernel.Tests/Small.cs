using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests;

/// <summary>Explores small kernel programs, always both ways: the reduction must see what trying everything sees.</summary>
internal static class Small
{
    private const int ExhaustiveCountMax = 30_000;

    /// <summary>A preemptible kernel with IPIs.</summary>
    public static KernelOptions Kernel(int cpus) => new() { CpuCount = cpus, Preemption = PreemptionModel.Full };

    /// <summary>The same, without what small programs can do without.</summary>
    public static KernelOptions Bare(int cpus) => Kernel(cpus) with { HasIpis = false };

    public static ExplorationReport Explore(int cpus, Action<KernelModel> setUp) => Explore(Bare(cpus), setUp);

    public static ExplorationReport Explore(
        KernelOptions options, Action<KernelModel> setUp, MemoryModel memory = MemoryModel.SequentiallyConsistent)
    {
        KernelProgram program = new(options, setUp);
        ExplorationOptions exploration = new() { Memory = memory };
        ExplorationReport report = Explorer.Explore(program, exploration);
        Assert.True(report.Verdict != Verdict.Error, report.ToString());
        ExplorationReport all = Explorer.Explore(
            program, exploration with { Strategy = Strategy.Exhaustive, ExecutionCountMax = ExhaustiveCountMax });
        Assert.True(all.Verdict == Verdict.Bounded || (report.Verdict == all.Verdict && report.OutcomeSet.SequenceEqual(all.OutcomeSet)),
            $"reduced: {report} {string.Join(", ", report.OutcomeSet)}\nall: {all} {string.Join(", ", all.OutcomeSet)}");
        return report;
    }

    /// <summary>Some interleaving breaks the property with this name.</summary>
    public static void Violates(string property, ExplorationReport report) =>
        Assert.True(report.Counterexamples.Any(found => found.Violation.Property == property), $"no '{property}' in: {report}");

    /// <summary>No interleaving breaks anything, and all were tried.</summary>
    public static void Holds(ExplorationReport report) => Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());

    private sealed class KernelProgram(KernelOptions options, Action<KernelModel> setUp) : IProgram
    {
        public string Name => "small";

        public void SetUp(World world) => setUp(new KernelModel(world, options));
    }
}
