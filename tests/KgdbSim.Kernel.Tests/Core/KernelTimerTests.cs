using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>kernel/time/timer.c: del_timer() and del_timer_sync().</summary>
public sealed class KernelTimerTests
{
    [Fact]
    public void An_armed_timer_expires_once_in_softirq()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            KernelTimer timer = new(kernel, "timer", 0, async c =>
            {
                Assert.True(c.Control.ServingSoftirq);
                await ran.FetchAdd(c, 1);
            });
            kernel.Spawn("task", 0, async c =>
            {
                await timer.Arm(c);
                await timer.Arm(c);
            });
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        // Armed again before it expired it expires once.
        Small.Holds(report);
        Assert.Equal(["ran=1", "ran=2"], report.OutcomeSet);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Only_the_waiting_form_of_delete_makes_freeing_safe(bool waits, bool expectsUseAfterFree)
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            KernelObject owner = new(kernel, "owner");
            KernelTimer timer = new(kernel, "timer", 1, async c => await owner.Touch(c, "timer"));
            kernel.Spawn("task", 0, async c =>
            {
                await timer.Arm(c);
                if (waits)
                {
                    await timer.DeleteAndWait(c);
                }
                else
                {
                    await timer.Delete(c);
                }

                await owner.Free(c);
            });
        });

        if (expectsUseAfterFree)
        {
            Small.Violates("use after free", report);
        }
        else
        {
            Small.Holds(report);
        }
    }

    [Fact]
    public void Waiting_for_it_in_a_hardirq_is_misuse() => Small.Violates("del_timer_sync in hardirq", Small.Explore(1, kernel =>
    {
        KernelTimer timer = new(kernel, "timer", 0, static async c => await c.LocalStep());
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await timer.DeleteAndWait(c));
    }));
}
