using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>kernel/softirq.c: when softirqs run, and in what order.</summary>
public sealed class SoftirqTests
{
    [Fact]
    public void Lower_vectors_run_first_and_what_they_raise_waits_for_the_next_pass()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<int> order = kernel.World.Cell("order", 0);
            async ValueTask Note(KernelContext c, int digit) => await order.Write(c, ((await order.Read(c)) * 10) + digit);
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c =>
            {
                SoftirqQueue softirqs = c.Home.Softirqs;
                await softirqs.Raise(c, SoftirqVector.Rcu, s => Note(s, 3));
                await softirqs.Raise(c, SoftirqVector.Timer, async s =>
                {
                    await Note(s, 1);
                    await softirqs.Raise(s, SoftirqVector.High, again => Note(again, 4));
                });
                await softirqs.Raise(c, SoftirqVector.Tasklet, s => Note(s, 2));
            });
            kernel.World.Outcome(o => o.Add("order", order.Value));
        });

        Small.Holds(report);
        Assert.Equal(["order=1234"], report.OutcomeSet);
    }

    [Fact]
    public void While_softirqs_are_off_they_wait_and_enabling_runs_them()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<bool> off = kernel.World.Cell("off", false);
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            kernel.Spawn("task", 0, async c =>
            {
                await c.LocalBhDisable();
                await off.Write(c, true);
                await off.Write(c, false);
                await c.LocalBhEnable();
            });
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await c.Home.Softirqs.Raise(c, async s =>
            {
                if (await off.Read(s))
                {
                    s.Fail("a softirq ran while softirqs were off", s.Name);
                }

                await ran.FetchAdd(s, 1);
            }));
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        Small.Holds(report);
        Assert.Equal(["ran=1"], report.OutcomeSet);
    }

    [Fact]
    public void A_softirq_that_leaves_preemption_off_is_reported() => Small.Violates("unbalanced preempt count", Small.Explore(1, kernel =>
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1,
            async c => await c.Home.Softirqs.Raise(c, async s => await s.PreemptDisable()))));
}
