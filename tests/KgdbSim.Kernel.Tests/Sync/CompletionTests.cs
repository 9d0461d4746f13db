using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>kernel/sched/completion.c.</summary>
public sealed class CompletionTests
{
    [Fact]
    public void A_waiter_goes_on_after_complete_from_an_interrupt()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            Completion done = new(kernel, "done");
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("waiter", 0, async c =>
            {
                await done.Wait(c);
                await seen.Write(c, await x.Read(c));
            });
            kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c =>
            {
                await x.Write(c, 1);
                await done.Complete(c);
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Small.Holds(report);
        Assert.Equal(["seen=1"], report.OutcomeSet);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Complete_lets_one_go_and_complete_all_everybody(bool all, int expected)
    {
        ExplorationReport report = Small.Explore(3, kernel =>
        {
            Completion done = new(kernel, "done");
            SharedCell<int> gone = kernel.World.Cell("gone", 0);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"waiter{cpu}", cpu, async c => await gone.FetchAdd(c, await done.TryWait(c) ? 1 : 0));
            }

            kernel.Spawn("completer", 2, async c =>
            {
                if (all)
                {
                    await done.CompleteAll(c);
                }
                else
                {
                    await done.Complete(c);
                }
            });
            kernel.World.Outcome(o => o.Add("gone", gone.Value));
        });

        Small.Holds(report);
        Assert.Equal($"gone={expected}", report.OutcomeSet.Last());
    }

    [Fact]
    public void Waiting_in_an_interrupt_sleeps_in_atomic() => Small.Violates("sleeping in atomic", Small.Explore(1, kernel =>
    {
        Completion done = new(kernel, "done");
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await done.Wait(c));
    }));

    [Fact]
    public void Completing_in_an_NMI_is_misuse() => Small.Violates("completion in NMI", Small.Explore(1, kernel =>
    {
        Completion done = new(kernel, "done");
        kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c => await done.Complete(c));
    }));
}
