using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Sync;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>What lockdep hears from the modelled kernel. Its rules have tests of their own in Lockdep.</summary>
public sealed class LockdepLinkTests
{
    /// <summary>The lines of the report posted on 11 May 2009 that don't depend on what else that machine had done.</summary>
    [Fact]
    public void The_report_of_the_2009_thread_comes_from_the_code_that_caused_it()
    {
        Scenario scenario = new ScenarioCatalogue().Find("HB-03")!;
        ScenarioVariant variant = scenario.Variants.Single(candidate => candidate.Name == "bad-lockdep");

        // The start routine first, the timer interrupt of the idle CPU 0 last.
        ReplayResult run = Explorer.RunScript(
            scenario.Program(variant), string.Join(' ', Enumerable.Repeat("start_secondary", 5)), new ExplorationOptions());

        string text = run.Violations[0].Message;
        Assert.True(Contains(text,
            "[ INFO: inconsistent lock state ]\n2.6.30-rc4-tip.hbkpt #31\n---------------------------------\n"
            + "inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.\n"
            + "swapper/0 [HC0[0]:SC1[1]:HE1:SE0] takes:\n"
            + " (hw_breakpoint_lock){+.?...}, at: [<00000000c010e8f6>] flush_thread_hw_breakpoint+0x16/0x75\n"
            + "{SOFTIRQ-ON-W} state was registered at:\n"
            + "  [<00000000c010e9ab>] load_debug_registers+0x1b/0x77\n",
            "\nother info that might help us debug this:\nno locks held by swapper/0.\n"), text);
    }

    [Fact]
    public void Two_locks_taken_in_both_orders_are_a_circle_even_if_they_never_meet() => Small.Violates("lockdep: Circular",
        Small.Explore(Small.Bare(1) with { HasLockdep = true }, kernel =>
        {
            RawSpinLock a = new(kernel, "a");
            RawSpinLock b = new(kernel, "b");
            kernel.Spawn("task", 0, async c =>
            {
                await Nest(c, a, b);
                await Nest(c, b, a);
            });
        }));

    [Fact]
    public void A_mutex_and_its_order_count_too() => Small.Violates("lockdep: Circular",
        Small.Explore(Small.Bare(1) with { HasLockdep = true }, kernel =>
        {
            KernelMutex a = new(kernel, "a");
            KernelMutex b = new(kernel, "b");
            kernel.Spawn("task", 0, async c =>
            {
                await a.Lock(c);
                await b.Lock(c);
                await b.Unlock(c);
                await a.Unlock(c);
                await b.Lock(c);
                await a.Lock(c);
                await a.Unlock(c);
                await b.Unlock(c);
            });
        }));

    [Fact]
    public void A_lock_of_interrupts_taken_with_them_on_is_reported() => Small.Violates("lockdep: InconsistentState",
        Small.Explore(Small.Bare(2) with { HasLockdep = true }, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            kernel.Spawn("task", 0, async c =>
            {
                await spin.Lock(c);
                await spin.Unlock(c);
            });
            kernel.AddInterrupt("irq", 1, ContextKind.Hardirq, 1, async c =>
            {
                await spin.Lock(c);
                await spin.Unlock(c);
            });
        }));

    [Fact]
    public void Consistent_use_is_not_reported() => Small.Holds(
        Small.Explore(Small.Bare(2) with { HasLockdep = true }, kernel =>
        {
            RawSpinLock spin = new(kernel, "L");
            kernel.Spawn("task", 0, async c => await spin.UnlockIrqRestore(c, await spin.LockIrqSave(c)));
            kernel.AddInterrupt("irq", 1, ContextKind.Hardirq, 1, async c =>
            {
                await spin.Lock(c);
                await spin.Unlock(c);
            });
        }));

    [Fact]
    public void It_can_be_told_only_to_record()
    {
        KernelModel? last = null;
        ExplorationReport report = Small.Explore(Small.Bare(1) with { HasLockdep = true, LockdepOnlyRecords = true }, kernel =>
        {
            last = kernel;
            RawSpinLock a = new(kernel, "a");
            RawSpinLock b = new(kernel, "b");
            kernel.Spawn("task", 0, async c =>
            {
                await Nest(c, a, b);
                await Nest(c, b, a);
            });
        });

        Small.Holds(report);
        Assert.NotNull(last!.Lockdep!.State.Report);
    }

    private static async ValueTask Nest(KernelContext c, RawSpinLock outer, RawSpinLock inner)
    {
        await outer.Lock(c);
        await inner.Lock(c);
        await inner.Unlock(c);
        await outer.Unlock(c);
    }

    private static bool Contains(string text, params string[] parts) => parts.All(part => text.Contains(part, StringComparison.Ordinal));
}
