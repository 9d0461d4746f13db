using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>A program made of one set-up function.</summary>
internal sealed class Explored(string name, Action<World> setUp) : IProgram
{
    public string Name => name;

    public void SetUp(World world) => setUp(world);

    /// <summary>Every interleaving, or so many; the verdict must not be an error of the model.</summary>
    public ExplorationReport Explore(long? executionCountMax = null)
    {
        ExplorationReport report = Explorer.Explore(this, new ExplorationOptions { ExecutionCountMax = executionCountMax });
        Assert.True(report.Verdict != Verdict.Error, report.ToString());
        return report;
    }

    /// <summary>Runs one task inline to its end in a world of its own; nothing may wait.</summary>
    public static void Inline(Action<World, List<Func<KernelContext, ValueTask>>, List<KernelModel>> build)
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        List<Func<KernelContext, ValueTask>> bodies = [];
        List<KernelModel> kernels = [];
        build(world, bodies, kernels);
        kernels[0].Spawn("task", 0, bodies[0]);
        world.Start();
        Assert.Empty(world.Violations);
        Assert.Equal(Target.Primitives.RunnableState.Finished, kernels[0].Tasks[0].State);
    }
}
