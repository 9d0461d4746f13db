using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>Documentation/locking/spinlocks.rst: which variant is needed where, and what is wrong with each elsewhere.</summary>
public sealed class RawSpinLockTests
{
    [Theory]
    [InlineData("plain", false, false)]
    [InlineData("bh", false, false)]
    [InlineData("irq", false, true)]
    [InlineData("irq", true, false)]
    public void A_lock_that_an_interrupt_takes_must_keep_it_out(string variant, bool isNmi, bool isSafe)
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            kernel.Spawn("task", 0, async c =>
            {
                switch (variant)
                {
                    case "plain":
                        await spin.Lock(c);
                        await spin.Unlock(c);
                        break;
                    case "bh":
                        await spin.LockBh(c);
                        await spin.UnlockBh(c);
                        break;
                    default:
                        await spin.UnlockIrqRestore(c, await spin.LockIrqSave(c));
                        break;
                }
            });
            kernel.AddInterrupt("irq", 0, isNmi ? ContextKind.Nmi : ContextKind.Hardirq, 1, async c =>
            {
                await spin.Lock(c);
                await spin.Unlock(c);
            });
        });

        if (isSafe)
        {
            Small.Holds(report);
        }
        else
        {
            Small.Violates("deadlock", report);
        }
    }

    [Fact]
    public void With_debugging_a_second_acquisition_on_the_CPU_is_reported() => Small.Violates("spinlock recursion",
        Small.Explore(Small.Bare(1) with { HasSpinlockDebug = true }, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            kernel.Spawn("task", 0, async c =>
            {
                await spin.Lock(c);
                await spin.Lock(c);
            });
        }));

    [Fact]
    public void With_debugging_waiting_for_another_CPU_is_no_recursion() => Small.Holds(
        Small.Explore(Small.Bare(2) with { HasSpinlockDebug = true }, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    await spin.Lock(c);
                    await spin.Unlock(c);
                });
            }
        }));

    [Fact]
    public void Released_by_another_than_its_holder_it_is_misuse() => Small.Violates("lock misuse", Small.Explore(2, kernel =>
    {
        RawSpinLock spin = new(kernel, "L");
        kernel.Spawn("other", 0, async c =>
        {
            await c.PreemptDisable();
            await spin.Unlock(c);
        });
    }));

    [Fact]
    public void The_bh_variant_with_interrupts_off_is_misuse() => Small.Violates("local_bh_enable with interrupts off", Small.Explore(1, kernel =>
    {
        RawSpinLock spin = new(kernel, "L");
        kernel.Spawn("task", 0, async c =>
        {
            bool irqs = await c.LocalIrqSave();
            await spin.LockBh(c);
            await spin.UnlockBh(c);
            await c.LocalIrqRestore(irqs);
        });
    }));

    [Fact]
    public void The_bh_variant_in_a_hardirq_is_misuse() => Small.Violates("local_bh_disable in hardirq", Small.Explore(1, kernel =>
    {
        RawSpinLock spin = new(kernel, "L");
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c =>
        {
            await spin.LockBh(c);
            await spin.UnlockBh(c);
        });
    }));

    [Fact]
    public void Who_holds_it_must_not_sleep() => Small.Violates("sleeping in atomic", Small.Explore(1, kernel =>
    {
        RawSpinLock spin = new(kernel, "L");
        SharedCell<bool> go = kernel.World.Cell("go", true);
        kernel.Spawn("task", 0, async c =>
        {
            await spin.Lock(c);
            await c.SleepUntil(go, static go => go, "wait_event");
            await spin.Unlock(c);
        });
    }));

    [Fact]
    public void A_task_that_exits_with_one_has_an_unbalanced_preempt_count() => Small.Violates("unbalanced preempt count",
        Small.Explore(1, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            kernel.Spawn("task", 0, async c => await spin.Lock(c));
        }));
}
