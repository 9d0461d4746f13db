using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.HwBreakpoint;

/// <summary>Runs kernel code once, inline; other CPUs answer interrupts.</summary>
internal static class InlineKernel
{
    /// <summary>One task on CPU 0 of a kernel made here.</summary>
    public static void Run(int cpus, Func<KernelModel, Func<KernelContext, ValueTask>> setUp) => RunOn(world =>
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = cpus });
        kernel.Spawn("task", 0, setUp(kernel));
    });

    /// <summary>Whatever is set up, to its end.</summary>
    public static void RunOn(Action<World> setUp)
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        world.Begin(new Program(setUp));
        bool progress = true;
        while (progress)
        {
            progress = false;
            for (int i = 0; i < world.Runnables.Count; i++)
            {
                if (world.Runnables[i].State == RunnableState.Ready)
                {
                    world.Step(i, 1_000);
                    progress = true;
                }
            }
        }

        Assert.True(world.Violations.Count == 0, string.Join("\n", world.Violations.Select(v => $"{v.Property}: {v.Message}")));
        Assert.True(((KernelTask)world.Runnables.First(r => r is KernelTask)).State == RunnableState.Finished, "the kernel code never ended");
    }

    private sealed class Program(Action<World> setUp) : IProgram
    {
        public string Name => "inline";

        public void SetUp(World world) => setUp(world);
    }
}
