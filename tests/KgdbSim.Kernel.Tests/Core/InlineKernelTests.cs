using System.Runtime.CompilerServices;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>What modelled kernel code allocates: nothing inline, and nothing that stays in explored runs.</summary>
public sealed class InlineKernelTests
{
    private const int CallCount = 10_000;

    [Fact]
    public void A_kernel_call_of_eight_awaits_allocates_nothing_inline()
    {
        KernelModel kernel = new(new World(new WorldOptions { Mode = ExecutionMode.Inline }), new KernelOptions { CpuCount = 2 });
        KernelContext context = kernel.Spawn("task", 0, static _ => ValueTask.CompletedTask).Context;
        Call call = new(kernel);
        call.Run(context).GetAwaiter().GetResult();
        long steps = context.InlineStepCount;
        Assert.Equal(8, steps);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < CallCount; i++)
        {
            call.Run(context).GetAwaiter().GetResult();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((CallCount + 1) * steps, context.InlineStepCount);
    }

    [Fact]
    public void Explored_kernels_are_forgotten_with_their_executions()
    {
        Remembering program = new();
        ExplorationRun run = new(program, new ExplorationOptions { Strategy = Strategy.Random, ExecutionCountMax = 10_000 });
        Assert.True(run.Advance(500));
        GC.Collect();

        // The last one is still set up; recycled objects may know the one before.
        int alive = program.Kernels.Count(kernel => kernel.IsAlive);
        Assert.True(alive <= 2, $"{alive} of {program.Kernels.Count} kernels are still reachable");
        Assert.True(program.Kernels.Count >= 500);
        GC.KeepAlive(run);
    }

    /// <summary>A kernel with most of what holds on to contexts: tasks, a scheduler, interrupts, cross calls, timers, callbacks.</summary>
    private sealed class Remembering : IProgram
    {
        public List<WeakReference> Kernels { get; } = [];

        public string Name => "remembering";

        public void SetUp(World world)
        {
            KernelModel kernel = new(world, Small.Kernel(2));
            Kernels.Add(new WeakReference(kernel));
            RcuCallbacks callbacks = new(kernel, new Target.Kernel.Rcu.Rcu(kernel, RcuModel.Preemptible), 1);
            KernelTimer timer = new(kernel, "timer", 1, static async c => await c.LocalStep());
            KernelText text = new(kernel);
            TextSite site = text.AddSite("site", 0x1000, [0x90]);
            kernel.AddScheduler(1, 1);
            kernel.Spawn("a", 0, async c =>
            {
                await callbacks.Call(c, RcuFlavour.Rcu, static async softirq => await softirq.LocalStep());
                await CrossCall.OnEachCpu(c, static async f => await f.LocalStep(), true);
                await timer.Arm(c);
                await text.Execute(c, site);
            });
            kernel.Spawn("b", 1, static async c => await c.LocalStep()).AllowedCpus = 3;
        }
    }

    private sealed class Call(KernelModel kernel)
    {
        private readonly SharedCell<int> _position = kernel.World.Cell("pos", 4);
        private readonly SharedCell<uint> _kdr7 = kernel.World.Cell("kdr7", 0u);
        private readonly RawSpinLock _lock = new(kernel, "hw_breakpoint_lock");

        [AsyncMethodBuilder(typeof(StepMethodBuilder))]
        public async ValueTask Run(KernelContext c)
        {
            await _lock.Lock(c);
            int position = await _position.Read(c);
            await _position.Write(c, position);
            await c.Home.DebugRegisters.Write(c, 7, await _kdr7.Read(c));
            await _lock.Unlock(c);
        }
    }
}
