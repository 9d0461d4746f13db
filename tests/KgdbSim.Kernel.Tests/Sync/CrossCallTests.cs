using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>kernel/smp.c: who runs the function, in what context, and who may ask.</summary>
public sealed class CrossCallTests
{
    [Fact]
    public void A_call_to_one_CPU_runs_there_in_hardirq_with_interrupts_off()
    {
        ExplorationReport report = Small.Explore(Small.Kernel(2), kernel =>
        {
            SharedCell<int> cpu = kernel.World.Cell("cpu", -1);
            kernel.Spawn("task", 0, async c => await CrossCall.CallSingle(c, 1, async f =>
            {
                Assert.Equal((1, false), (f.Control.HardirqDepth, f.Control.IrqsEnabled));
                await cpu.Write(f, f.Home.Number);
            }, true));
            kernel.World.Outcome(o => o.Add("cpu", cpu.Value));
        });

        Small.Holds(report);
        Assert.Equal(["cpu=1"], report.OutcomeSet);
    }

    [Fact]
    public void A_call_to_oneself_runs_at_once()
    {
        ExplorationReport report = Small.Explore(Small.Kernel(2), kernel =>
        {
            SharedCell<int> cpu = kernel.World.Cell("cpu", -1);
            kernel.Spawn("task", 0, async c =>
            {
                await CrossCall.CallSingle(c, 0, async f => await cpu.Write(f, f.Home.Number), false);
                Assert.Equal(0, cpu.Value);
            });
            kernel.World.Outcome(o => o.Add("cpu", cpu.Value));
        });

        Assert.Equal(["cpu=0"], report.OutcomeSet);
    }

    [Fact]
    public void With_interrupts_off_it_is_misuse() => Small.Violates("cross call with interrupts off", Small.Explore(Small.Kernel(2), kernel =>
        kernel.Spawn("task", 0, async c =>
        {
            bool irqs = await c.LocalIrqSave();
            await CrossCall.CallSingle(c, 1, static async f => await f.LocalStep(), true);
            await c.LocalIrqRestore(irqs);
        })));

    [Fact]
    public void From_an_interrupt_it_is_misuse() => Small.Violates("cross call with interrupts off", Small.Explore(Small.Kernel(2), kernel =>
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1,
            static async c => await CrossCall.CallSingle(c, 1, static async f => await f.LocalStep(), false))));
}
