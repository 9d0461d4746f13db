using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>Documentation/locking/mutex-design.rst: who may take a mutex, and who may release it.</summary>
public sealed class KernelMutexTests
{
    [Fact]
    public void Only_one_task_is_inside_and_sleepers_free_the_CPU()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            KernelMutex mutex = new(kernel, "mutex");
            SharedCell<int> x = kernel.World.Cell("x", 0);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    await mutex.Lock(c);
                    await x.Write(c, (await x.Read(c)) + 1);
                    await mutex.Unlock(c);
                });
            }

            kernel.World.Outcome(o => o.Add("x", x.Value));
        });

        Small.Holds(report);
        Assert.Equal(["x=2"], report.OutcomeSet);
    }

    [Fact]
    public void A_trylock_fails_instead_of_sleeping()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            KernelMutex mutex = new(kernel, "mutex");
            SharedCell<int> got = kernel.World.Cell("got", 0);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    if (await mutex.TryLock(c))
                    {
                        await got.FetchAdd(c, 1);
                        await mutex.Unlock(c);
                    }
                });
            }

            kernel.World.Outcome(o => o.Add("got", got.Value));
        });

        Small.Holds(report);
        Assert.Equal(["got=1", "got=2"], report.OutcomeSet);
    }

    [Fact]
    public void In_an_interrupt_it_is_misuse() => Small.Violates("mutex in interrupt", Small.Explore(1, kernel =>
    {
        KernelMutex mutex = new(kernel, "mutex");
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await mutex.TryLock(c));
    }));

    [Fact]
    public void With_preemption_off_it_sleeps_in_atomic() => Small.Violates("sleeping in atomic", Small.Explore(1, kernel =>
    {
        KernelMutex mutex = new(kernel, "mutex");
        kernel.Spawn("task", 0, async c =>
        {
            await c.PreemptDisable();
            await mutex.Lock(c);
            await mutex.Unlock(c);
            await c.PreemptEnable();
        });
    }));

    [Fact]
    public void Only_its_owner_may_release_it() => Small.Violates("lock misuse", Small.Explore(2, kernel =>
    {
        KernelMutex mutex = new(kernel, "mutex");
        kernel.Spawn("owner", 0, async c => await mutex.Lock(c));
        kernel.Spawn("other", 1, async c => await mutex.Unlock(c));
    }));

    [Fact]
    public void Its_owner_may_not_take_it_again() => Small.Violates("lock misuse", Small.Explore(1, kernel =>
    {
        KernelMutex mutex = new(kernel, "mutex");
        kernel.Spawn("task", 0, async c =>
        {
            await mutex.Lock(c);
            await mutex.Lock(c);
        });
    }));
}
