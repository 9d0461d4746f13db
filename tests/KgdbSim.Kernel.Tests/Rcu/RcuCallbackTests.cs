using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Rcu;

/// <summary>Documentation/RCU/whatisRCU.rst: callbacks run in softirq after the readers have left; rcu_barrier() waits for them.</summary>
public sealed class RcuCallbackTests
{
    [Theory]
    [InlineData("rcu", "rcu", true)]
    [InlineData("rcu", "sched", false)]
    [InlineData("sched", "sched", true)]
    [InlineData("sched", "rcu", false)]
    [InlineData("bh", "bh", true)]
    [InlineData("bh", "rcu", false)]
    public void A_callback_frees_after_readers_of_its_flavour_have_left(string reader, string updater, bool isSafe)
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Preemptible);
            RcuCallbacks callbacks = new(kernel, rcu, 2);
            KernelObject old = new(kernel, "old");
            SharedCell<bool> linked = kernel.World.Cell("linked", true);
            kernel.Spawn("reader", 0, async c =>
            {
                await Enter(rcu, c, reader);
                if (await linked.Read(c))
                {
                    await old.Touch(c, "field");
                }

                await Leave(rcu, c, reader);
            });
            kernel.Spawn("updater", 1, async c =>
            {
                await linked.Write(c, false);
                await callbacks.Call(c, Flavour(updater), async softirq => await old.Free(softirq));
            });
        });

        if (isSafe)
        {
            Small.Holds(report);
        }
        else
        {
            Small.Violates("use after free", report);
        }
    }

    [Fact]
    public void A_callback_runs_in_softirq_on_the_CPU_that_queued_it()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
            RcuCallbacks callbacks = new(kernel, rcu, 2);
            SharedCell<int> cpu = kernel.World.Cell("cpu", -1);
            kernel.Spawn("task", 1, async c => await callbacks.Call(c, RcuFlavour.Rcu, async softirq =>
            {
                Assert.True(softirq.Control.ServingSoftirq);
                await cpu.Write(softirq, softirq.Home.Number);
            }));
            kernel.World.Outcome(o => o.Add("cpu", cpu.Value));
        });

        Small.Holds(report);
        Assert.Equal(["cpu=1"], report.OutcomeSet);
    }

    [Theory]
    [InlineData(true, new[] { "ran=2" })]
    [InlineData(false, new[] { "ran=0", "ran=1", "ran=2" })]
    public void A_barrier_waits_for_all_callbacks_queued_before(bool hasBarrier, string[] expected)
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            Target.Kernel.Rcu.Rcu rcu = new(kernel, RcuModel.Classic);
            RcuCallbacks callbacks = new(kernel, rcu, 1);
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("task", 0, async c =>
            {
                for (int i = 0; i < 2; i++)
                {
                    await callbacks.Call(c, RcuFlavour.Sched, async softirq => await ran.FetchAdd(softirq, 1));
                }

                if (hasBarrier)
                {
                    await callbacks.Barrier(c);
                }

                await seen.Write(c, await ran.Read(c));
            });
            kernel.World.Outcome(o => o.Add("ran", seen.Value));
        });

        Small.Holds(report);
        Assert.Equal(expected, report.OutcomeSet);
    }

    private static RcuFlavour Flavour(string name) => name switch
    {
        "rcu" => RcuFlavour.Rcu,
        "bh" => RcuFlavour.Bh,
        _ => RcuFlavour.Sched,
    };

    private static async ValueTask Enter(Target.Kernel.Rcu.Rcu rcu, KernelContext c, string flavour)
    {
        switch (flavour)
        {
            case "rcu":
                await rcu.ReadLock(c);
                break;
            case "bh":
                await rcu.ReadLockBh(c);
                break;
            default:
                await rcu.ReadLockSched(c);
                break;
        }
    }

    private static async ValueTask Leave(Target.Kernel.Rcu.Rcu rcu, KernelContext c, string flavour)
    {
        switch (flavour)
        {
            case "rcu":
                await rcu.ReadUnlock(c);
                break;
            case "bh":
                await rcu.ReadUnlockBh(c);
                break;
            default:
                await rcu.ReadUnlockSched(c);
                break;
        }
    }
}
