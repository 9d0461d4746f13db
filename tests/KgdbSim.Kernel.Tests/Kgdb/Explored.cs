using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Primitives;
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
}

/// <summary>A stage whose steps are taken at once.</summary>
internal sealed class InlineStage
{
    private int _count;

    public InlineStage(KgdbStageOptions options)
    {
        World = new World(new WorldOptions { Mode = ExecutionMode.Inline });
        Stage = new KgdbStage(World, options);
        World.Start();
    }

    public World World { get; }

    public KgdbStage Stage { get; }

    public KernelCpu Cpu => Stage.Kernel.Cpus[0];

    /// <summary>Runs a task of CPU 0 from beginning to end; a wait that doesn't end is an error of the test.</summary>
    public void Run(Func<KernelContext, ValueTask> body)
    {
        KernelTask task = Stage.Kernel.Spawn($"task{_count++}", 0, body);
        Assert.True(task.State == RunnableState.Finished, $"the task is {task.State}");
        Assert.True(task.Context.Failure is null, task.Context.Failure?.ToString());
    }
}
