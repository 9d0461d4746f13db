using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>kernel/stop_machine.c: what stops, what doesn't, and what has ended by then.</summary>
public sealed class StopMachineTests
{
    [Fact]
    public void The_function_runs_once_while_the_others_do_nothing()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            StopMachine machine = new(kernel);
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("caller", 0, async c => await machine.Run(c, async f =>
            {
                Assert.False(f.Control.IrqsEnabled);
                await x.Write(f, 1);
                await x.Write(f, 2);
            }, 1));
            kernel.Spawn("other", 1, async c => await seen.Write(c, await x.Read(c)));
            kernel.World.Outcome(o =>
            {
                o.Add("x", x.Value);
                o.Add("seen", seen.Value);
            });
        });

        // Never 1.
        Small.Holds(report);
        Assert.Equal(["x=2 seen=0", "x=2 seen=2"], report.OutcomeSet);
    }

    [Fact]
    public void An_NMI_still_comes()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            StopMachine machine = new(kernel);
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("caller", 0, async c => await machine.Run(c, async f =>
            {
                await x.Write(f, 1);
                await x.Write(f, 2);
            }, 1));
            kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c => await seen.Write(c, await x.Read(c)));
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Equal(["seen=0", "seen=1", "seen=2"], report.OutcomeSet);
    }

    [Fact]
    public void Sections_with_preemption_off_have_ended()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            StopMachine machine = new(kernel);
            KernelObject module = new(kernel, "module");
            SharedCell<bool> linked = kernel.World.Cell("linked", true);
            kernel.Spawn("unloader", 0, async c =>
            {
                await linked.Write(c, false);
                await machine.Run(c, static async f => await f.LocalStep(), 1);
                await module.Free(c);
            });
            kernel.Spawn("reader", 1, async c =>
            {
                await c.PreemptDisable();
                if (await linked.Read(c))
                {
                    await module.Touch(c, "probe");
                }

                await c.PreemptEnable();
            });
        });

        Small.Holds(report);
    }

    [Fact]
    public void Called_with_a_spinlock_held_it_sleeps_in_atomic() => Small.Violates("sleeping in atomic", Small.Explore(1, kernel =>
    {
        StopMachine machine = new(kernel);
        RawSpinLock spin = new(kernel, "L");
        kernel.Spawn("caller", 0, async c =>
        {
            await spin.Lock(c);
            await machine.Run(c, static async f => await f.LocalStep(), 1);
            await spin.Unlock(c);
        });
    }));
}
