using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>Documentation/locking/seqlock.rst.</summary>
public sealed class SeqCountTests
{
    [Theory]
    [InlineData(MemoryModel.SequentiallyConsistent)]
    [InlineData(MemoryModel.TotalStoreOrder)]
    public void A_reader_that_need_not_retry_has_seen_one_version(MemoryModel memory)
    {
        ExplorationReport report = Small.Explore(Small.Bare(2), kernel =>
        {
            SeqCount sequence = new(kernel, "seq");
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> y = kernel.World.Cell("y", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -2);
            kernel.Spawn("writer", 0, async c =>
            {
                await c.PreemptDisable();
                await sequence.BeginWrite(c);
                await x.Write(c, 1);
                await y.Write(c, 1);
                await sequence.EndWrite(c);
                await c.PreemptEnable();
            });
            kernel.Spawn("reader", 1, async c =>
            {
                uint begun = await sequence.BeginRead(c);
                int a = await x.Read(c);
                int b = await y.Read(c);
                await seen.Write(c, await sequence.ShouldRetry(c, begun) ? -1 : (10 * a) + b);
            });
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        }, memory);

        Small.Holds(report);
        Assert.Equal(["seen=-1", "seen=0", "seen=11"], report.OutcomeSet);
    }

    [Fact]
    public void A_preemptible_writer_is_misuse() => Small.Violates("preemptible seqcount writer", Small.Explore(1, kernel =>
    {
        SeqCount sequence = new(kernel, "seq");
        kernel.Spawn("writer", 0, async c =>
        {
            await sequence.BeginWrite(c);
            await sequence.EndWrite(c);
        });
    }));

    [Fact]
    public void Two_writers_at_once_are_misuse() => Small.Violates("two seqcount writers", Small.Explore(2, kernel =>
    {
        SeqCount sequence = new(kernel, "seq");
        for (int cpu = 0; cpu < 2; cpu++)
        {
            kernel.Spawn($"writer{cpu}", cpu, async c =>
            {
                await c.PreemptDisable();
                await sequence.BeginWrite(c);
                await sequence.EndWrite(c);
                await c.PreemptEnable();
            });
        }
    }));

    [Fact]
    public void A_reader_that_interrupts_a_writer_spins_for_ever() => Small.Violates("deadlock", Small.Explore(1, kernel =>
    {
        SeqCount sequence = new(kernel, "seq");
        kernel.Spawn("writer", 0, async c =>
        {
            await c.PreemptDisable();
            await sequence.BeginWrite(c);
            await sequence.EndWrite(c);
            await c.PreemptEnable();
        });
        kernel.AddInterrupt("irq", 0, ContextKind.Hardirq, 1, async c => await sequence.BeginRead(c));
    }));
}
