using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>What may interrupt what, and when, on one CPU and between CPUs.</summary>
public sealed class ContextTests
{
    [Fact]
    public void An_interrupt_comes_between_any_two_steps()
    {
        ExplorationReport report = Explore(1, kernel =>
        {
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            SharedCell<int> at = kernel.World.Cell("at", 0);
            kernel.Spawn("task", 0, async c =>
            {
                await at.Write(c, 1);
                await at.Write(c, 2);
            });
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await seen.Write(c, await at.Read(c)));
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=0", "seen=1", "seen=2"], report.OutcomeSet);
    }

    /// <summary>The handler's store happens before its return, which ends the task's wait: the reduction must see past both.</summary>
    [Fact]
    public void An_interrupt_explored_first_may_still_come_last()
    {
        ExplorationReport report = Explore(1, kernel =>
        {
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await x.Write(c, 1));
            kernel.Spawn("task", 0, async c => await seen.Write(c, await x.Read(c)));
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=0", "seen=1"], report.OutcomeSet);
    }

    [Fact]
    public void The_interrupted_task_waits_until_the_handler_has_returned()
    {
        ExplorationReport report = Explore(1, kernel =>
        {
            SharedCell<int> x = kernel.World.Cell("x", 0);
            kernel.Spawn("task", 0, async c => await x.Write(c, (await x.Read(c)) + 1));
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c =>
            {
                int value = await x.Read(c);
                await c.LocalStep();
                await x.Write(c, value + 10);
            });
            kernel.World.Outcome(o => o.Add("x", x.Value));
        });

        // Never 10: that would be the task's store between the handler's load and store.
        Assert.Equal(["x=1", "x=11"], report.OutcomeSet);
    }

    [Fact]
    public void Interrupts_off_keeps_hardirqs_out_and_lets_NMIs_in()
    {
        ExplorationReport report = Explore(1, kernel =>
        {
            SharedCell<int> inside = kernel.World.Cell("inside", 0);
            SharedCell<int> irq = kernel.World.Cell("irq saw", -1);
            SharedCell<int> nmi = kernel.World.Cell("nmi saw", -1);
            kernel.Spawn("task", 0, async c =>
            {
                bool flags = await c.LocalIrqSave();
                await inside.Write(c, 1);
                await inside.Write(c, 0);
                await c.LocalIrqRestore(flags);
            });
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await irq.Write(c, await inside.Read(c)));
            kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c => await nmi.Write(c, await inside.Read(c)));
            kernel.World.Outcome(o =>
            {
                o.Add("irq", irq.Value);
                o.Add("nmi", nmi.Value);
            });
        });

        Assert.Equal(["irq=0 nmi=0", "irq=0 nmi=1"], report.OutcomeSet);
    }

    [Fact]
    public void On_each_cpu_with_wait_returns_after_all_have_run()
    {
        ExplorationReport report = Explore(3, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("task", 0, async c =>
            {
                await CrossCall.OnEachCpu(c, async f => await ran.FetchAdd(f, 1), true);
                await seen.Write(c, await ran.Read(c));
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=3"], report.OutcomeSet);
    }

    [Fact]
    public void On_each_cpu_without_wait_may_return_before_any_other_has_run()
    {
        ExplorationReport report = Explore(2, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("task", 0, async c =>
            {
                await CrossCall.OnEachCpu(c, async f => await ran.FetchAdd(f, 1), false);
                await seen.Write(c, await ran.Read(c));
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=1", "seen=2"], report.OutcomeSet);
    }

    /// <summary>The step that waits for its CPU depends on the handler twice: by the CPU, and by what that wrote.</summary>
    [Fact]
    public void A_step_comes_before_an_interrupt_whose_handler_writes_what_it_reads()
    {
        ExplorationReport report = Explore(2, kernel =>
        {
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> y = kernel.World.Cell("y", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("sender", 0, async c =>
            {
                await y.Write(c, 1);
                await CrossCall.CallMany(c, 2, async f => await x.Write(f, 1), true);
            });
            kernel.Spawn("reader", 1, async c =>
            {
                int value = await x.Read(c);
                await seen.Write(c, (10 * value) + await y.Read(c));
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=0", "seen=1", "seen=11"], report.OutcomeSet);
    }

    [Fact]
    public void Two_CPUs_that_wait_for_each_other_with_interrupts_off_are_stuck()
    {
        ExplorationReport report = Explore(2, kernel =>
        {
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    bool flags = await c.LocalIrqSave();
                    await CrossCall.CallMany(c, 3, static async f => await f.LocalStep(), true);
                    await c.LocalIrqRestore(flags);
                });
            }
        });

        Assert.Equal(Verdict.Violated, report.Verdict);
    }

    [Theory]
    [InlineData(false, new[] { "seen=0", "seen=2" })]
    [InlineData(true, new[] { "seen=0", "seen=1", "seen=2" })]
    public void A_task_is_preempted_only_where_nothing_forbids(bool preemptible, string[] expected)
    {
        ExplorationReport report = Explore(1, kernel =>
        {
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.AddScheduler(0, 1);
            kernel.Spawn("writer", 0, async c =>
            {
                await c.LocalStep();
                if (!preemptible)
                {
                    await c.PreemptDisable();
                }

                await x.Write(c, 1);
                await x.Write(c, 2);
                if (!preemptible)
                {
                    await c.PreemptEnable();
                }
            });
            kernel.Spawn("reader", 0, async c => await seen.Write(c, await x.Read(c)));
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(expected, report.OutcomeSet);
    }

    [Theory]
    [InlineData(RcuModel.Classic, true, true, false)]
    [InlineData(RcuModel.Classic, true, false, false)]
    [InlineData(RcuModel.Classic, false, true, false)]
    [InlineData(RcuModel.Classic, false, false, false)]
    [InlineData(RcuModel.Preemptible, true, true, false)]
    [InlineData(RcuModel.Preemptible, true, false, true)]
    [InlineData(RcuModel.Preemptible, false, true, true)]
    [InlineData(RcuModel.Preemptible, false, false, false)]
    public void Only_matching_readers_and_grace_periods_are_safe_where_readers_are_preemptible(
        RcuModel model, bool readerIsRcu, bool updaterIsRcu, bool expectsUseAfterFree)
    {
        ExplorationReport report = Explore(2, kernel =>
        {
            Target.Kernel.Rcu.Rcu rcu = new(kernel, model);
            KernelObject probe = new(kernel, "p");
            SharedCell<bool> linked = kernel.World.Cell("linked", true);
            kernel.Spawn("reader", 0, async c =>
            {
                await (readerIsRcu ? rcu.ReadLock(c) : Off(c));
                if (await linked.Read(c))
                {
                    await probe.Touch(c, "pre_handler");
                }

                await (readerIsRcu ? rcu.ReadUnlock(c) : On(c));
            });
            kernel.Spawn("updater", 1, async c =>
            {
                await linked.Write(c, false);
                await (updaterIsRcu ? rcu.SynchronizeRcu(c) : rcu.SynchronizeSched(c));
                await probe.Free(c);
            });

            static async ValueTask Off(KernelContext c) => await c.PreemptDisable();
            static async ValueTask On(KernelContext c) => await c.PreemptEnable();
        });

        Assert.Equal(expectsUseAfterFree, report.Counterexamples.Any(found => found.Violation.Property == "use after free"));
        Assert.Equal(expectsUseAfterFree ? Verdict.Violated : Verdict.Exhausted, report.Verdict);
    }

    private static ExplorationReport Explore(int cpus, Action<KernelModel> setUp) => Small.Explore(Small.Kernel(cpus), setUp);
}
