using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core.Hotplug;

/// <summary>kernel/cpu.c: the order of what happens when CPUs come and go.</summary>
public sealed class CpuHotplugTests
{
    [Fact]
    public void A_CPU_starts_with_interrupts_off_and_is_online_afterwards()
    {
        ExplorationReport report = Small.Explore(Small.Kernel(2) with { OfflineCpus = 2 }, kernel =>
        {
            CpuHotplug hotplug = new(kernel, new StopMachine(kernel));
            SharedCell<int> order = kernel.World.Cell("order", 0);
            async ValueTask Note(KernelContext c, int digit) => await order.Write(c, ((await order.Read(c)) * 10) + digit);
            hotplug.Callbacks.Add(new HotplugCallback("test")
            {
                Prepare = (c, _) => Note(c, 1),
                Starting = async (c, cpu) =>
                {
                    Assert.Equal(cpu, c.Home.Number);
                    Assert.False(c.Control.IrqsEnabled);
                    Assert.Equal(1ul, kernel.Online.Value);
                    await Note(c, 2);
                },
                Online = (c, _) => Note(c, 3),
            });
            kernel.Spawn("task", 0, async c =>
            {
                Assert.Equal(Errno.None, await hotplug.Up(c, 1));
                await CrossCall.OnEachCpu(c, f => Note(f, 4), true);
            });
            kernel.World.Outcome(o => o.Add("order", order.Value));
        });

        Assert.Equal(Verdict.Exhausted, report.Verdict);

        // Both CPUs run the function, and it isn't atomic: one of the two fours may be lost, but the new CPU is asked.
        Assert.Equal(["order=1234", "order=12344"], report.OutcomeSet);
    }

    [Fact]
    public void An_offline_CPU_gets_no_cross_calls()
    {
        ExplorationReport report = Small.Explore(Small.Kernel(2) with { OfflineCpus = 2 }, kernel =>
        {
            SharedCell<int> ran = kernel.World.Cell("ran", 0);
            kernel.Spawn("task", 0, async c =>
            {
                await CrossCall.OnEachCpu(c, async f => await ran.FetchAdd(f, 1), true);
                Assert.False(await CrossCall.CallSingle(c, 1, async f => await ran.FetchAdd(f, 1), true));
                Assert.True(await CrossCall.CallSingle(c, 0, async f => await ran.FetchAdd(f, 1), true));
            });
            kernel.World.Outcome(o => o.Add("ran", ran.Value));
        });

        Small.Holds(report);
        Assert.Equal(["ran=2"], report.OutcomeSet);
    }

    [Fact]
    public void A_CPU_goes_while_everybody_is_stopped_and_takes_nothing_any_more()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            CpuHotplug hotplug = new(kernel, new StopMachine(kernel));
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            SharedCell<int> late = kernel.World.Cell("late", 0);
            InterruptSource irq = kernel.AddInterrupt("irq", 1, ContextKind.Hardirq, 0, async c => await late.Write(c, 1));
            hotplug.Callbacks.Add(new HotplugCallback("test")
            {
                Dying = async (c, cpu) =>
                {
                    Assert.Equal(cpu, c.Home.Number);
                    await seen.Write(c, (int)kernel.Online.Value);
                },
                Dead = async (c, _) => await irq.Raise(c),
            });
            kernel.Spawn("task", 0, async c =>
            {
                Assert.Equal(Errno.None, await hotplug.Down(c, 1));
                Assert.Equal(Errno.Invalid, await hotplug.Down(c, 1));
                Assert.Equal(Errno.Busy, await hotplug.Down(c, 0));
            });
            kernel.World.Outcome(o =>
            {
                o.Add("seen", seen.Value);
                o.Add("late", late.Value);
            });
        });

        Small.Holds(report);
        Assert.Equal(["seen=1 late=0"], report.OutcomeSet);
    }

    [Fact]
    public void The_task_of_a_dead_CPU_goes_on_elsewhere()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            CpuHotplug hotplug = new(kernel, new StopMachine(kernel));
            SharedCell<int> cpu = kernel.World.Cell("cpu", -1);
            kernel.AddScheduler(0, 0);
            kernel.AddScheduler(1, 0);
            kernel.Spawn("unplugger", 0, async c => await hotplug.Down(c, 1));
            kernel.Spawn("victim", 1, async c =>
            {
                await c.LocalStep();
                await c.LocalStep();
                await cpu.Write(c, c.Home.Number);
            });
            kernel.World.Outcome(o => o.Add("cpu", cpu.Value));
        });

        Small.Holds(report);
        Assert.Equal(["cpu=0", "cpu=1"], report.OutcomeSet);
    }
}
