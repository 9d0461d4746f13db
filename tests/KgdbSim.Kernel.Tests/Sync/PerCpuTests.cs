using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>Documentation/core-api/this_cpu_ops.rst: whose copy is meant, and when that is certain.</summary>
public sealed class PerCpuTests
{
    [Fact]
    public void With_preemption_off_it_stays_the_own_copy()
    {
        ExplorationReport report = Move(async (c, counter) =>
        {
            await c.PreemptDisable();
            PerCpuPointer<int> own = counter.This(c);
            await own.Write(c, (await own.Read(c)) + 1);
            await c.PreemptEnable();
        });

        Small.Holds(report);
        Assert.Equal(["copy0=0 copy1=1", "copy0=1 copy1=0"], report.OutcomeSet);
    }

    [Fact]
    public void The_address_taken_while_preemptible_is_misuse() => Small.Violates("smp_processor_id() in preemptible code",
        Move(async (c, counter) => await counter.This(c).Write(c, 1)));

    [Fact]
    public void An_address_kept_over_a_migration_is_misuse() => Small.Violates("per-CPU data of another CPU",
        Move(async (c, counter) =>
        {
            await c.PreemptDisable();
            PerCpuPointer<int> own = counter.This(c);
            await c.PreemptEnable();
            await c.LocalStep();
            await c.LocalStep();
            await own.Write(c, 1);
        }));

    [Fact]
    public void This_cpu_operations_mean_the_CPU_that_executes_them()
    {
        ExplorationReport report = Move(async (c, counter) =>
        {
            int seen = await counter.ReadThis(c);
            await counter.WriteThis(c, seen + 1);
        });

        // One increment in two instructions may begin on one CPU and end on the other.
        Small.Holds(report);
        Assert.Equal(["copy0=0 copy1=1", "copy0=1 copy1=0"], report.OutcomeSet);
    }

    [Fact]
    public void A_bound_task_may_take_the_address() => Small.Holds(Small.Explore(1, kernel =>
    {
        PerCpu<int> counter = new(kernel, "counter", 0);
        kernel.Spawn("kworker", 0, async c => await counter.This(c).Write(c, 1));
    }));

    /// <summary>A task on CPU 0 that may be preempted once and go on on CPU 1.</summary>
    private static ExplorationReport Move(Func<KernelContext, PerCpu<int>, ValueTask> body) => Small.Explore(2, kernel =>
    {
        PerCpu<int> counter = new(kernel, "counter", 0);
        kernel.AddScheduler(0, 1);
        kernel.AddScheduler(1, 0);
        kernel.Spawn("task", 0, async c =>
        {
            await c.LocalStep();
            await body(c, counter);
        }).AllowedCpus = 3;
        kernel.Spawn("other", 0, static async c => await c.LocalStep());
        kernel.World.Outcome(o =>
        {
            o.Add("copy0", counter.Of(0).Value);
            o.Add("copy1", counter.Of(1).Value);
        });
    });
}
