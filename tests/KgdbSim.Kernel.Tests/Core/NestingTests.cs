using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>SDM vol. 3, 6.7.1 and 15.10: what blocks NMIs and machine checks, and what opens them again.</summary>
public sealed class NestingTests
{
    [Fact]
    public void An_NMI_is_not_interrupted_by_another() => Assert.Equal(["depth=1"], DeepestNmi(trap: null).OutcomeSet);

    [Fact]
    public void The_IRET_of_a_trap_inside_an_NMI_opens_NMIs()
    {
        Assert.Equal(["depth=1", "depth=2"], DeepestNmi(ContextKind.Debug).OutcomeSet);
        Assert.Equal(["depth=1", "depth=2"], DeepestNmi(ContextKind.Breakpoint).OutcomeSet);
    }

    [Fact]
    public void A_machine_check_comes_inside_an_NMI()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<bool> inNmi = kernel.World.Cell("in NMI", false);
            SharedCell<bool> seen = kernel.World.Cell("seen", false);
            kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c =>
            {
                await inNmi.Write(c, true);
                await inNmi.Write(c, false);
            });
            kernel.AddInterrupt("mce", 0, ContextKind.MachineCheck, 1, async c =>
            {
                Assert.True(c.Control.InNmi);
                await seen.Write(c, await inNmi.Read(c));
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value ? 1 : 0));
        });

        Small.Holds(report);
        Assert.Equal(["seen=0", "seen=1"], report.OutcomeSet);
    }

    [Fact]
    public void Leaving_a_trap_with_another_preempt_count_is_reported() => Small.Violates("unbalanced preempt count", Small.Explore(1, kernel =>
        kernel.Spawn("task", 0, async c =>
        {
            await c.Home.EnterTrap(c, ContextKind.Breakpoint);
            await c.PreemptDisable();
            await c.Home.Leave(c);
            await c.PreemptEnable();
        })));

    [Fact]
    public void A_handler_that_says_so_may_leave_preemption_off() => Small.Holds(Small.Explore(1, kernel =>
        kernel.Spawn("task", 0, async c =>
        {
            await c.Home.EnterTrap(c, ContextKind.Breakpoint);
            await c.PreemptDisable();
            await c.Home.Leave(c, 1);
            Assert.Equal(1, c.Control.PreemptCount);
            await c.PreemptEnable();
        })));

    /// <summary>The store buffering litmus test of the x86-TSO paper, by two tasks: forbidden only without store buffers.</summary>
    [Theory]
    [InlineData(MemoryModel.SequentiallyConsistent, new[] { "r0=0 r1=1", "r0=1 r1=0", "r0=1 r1=1" })]
    [InlineData(MemoryModel.TotalStoreOrder, new[] { "r0=0 r1=0", "r0=0 r1=1", "r0=1 r1=0", "r0=1 r1=1" })]
    public void Tasks_on_two_CPUs_have_store_buffers_if_the_run_says_so(MemoryModel memory, string[] expected)
    {
        ExplorationReport report = Small.Explore(Small.Bare(2), kernel =>
        {
            SharedCell<int>[] x = [kernel.World.Cell("x", 0), kernel.World.Cell("y", 0)];
            SharedCell<int>[] r = [kernel.World.Cell("r0", -1), kernel.World.Cell("r1", -1)];
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    int own = c.Home.Number;
                    await x[own].Write(c, 1);
                    await r[own].Write(c, await x[1 - own].Read(c));
                });
            }

            kernel.World.Outcome(o =>
            {
                o.Add("r0", r[0].Value);
                o.Add("r1", r[1].Value);
            });
        }, memory);

        Assert.Equal(expected, report.OutcomeSet);
    }

    private static ExplorationReport DeepestNmi(ContextKind? trap) => Small.Explore(1, kernel =>
    {
        SharedCell<int> depth = kernel.World.Cell("depth", 0);
        SharedCell<int> deepest = kernel.World.Cell("deepest", 0);
        for (int line = 0; line < 2; line++)
        {
            kernel.AddInterrupt($"nmi{line}", 0, ContextKind.Nmi, 1, async c =>
            {
                int now = (await depth.Read(c)) + 1;
                await depth.Write(c, now);
                await deepest.Write(c, Math.Max(now, await deepest.Read(c)));
                if (trap is { } kind)
                {
                    await c.Home.EnterTrap(c, kind);
                    await c.Home.Leave(c);
                }

                await c.LocalStep();
                await depth.Write(c, (await depth.Read(c)) - 1);
            });
        }

        kernel.World.Outcome(o => o.Add("depth", deepest.Value));
    });
}
