using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>The ring of records.</summary>
public sealed class TrapEventsTests
{
    [Fact]
    public void The_latest_are_kept()
    {
        TrapEvents events = new(4);
        for (int i = 0; i < 6; i++)
        {
            events.Begin(TrapKind.Int3, i, (ulong)i).End(TrapVerdict.Consumed);
        }

        Assert.Equal(6, events.Count);
        Assert.Equal(4, events.Remembered);
        Assert.Equal([5L, 4, 3, 2], Enumerable.Range(0, 4).Select(age => events.Latest(age).Sequence));
    }

    [Fact]
    public void A_record_that_is_used_again_is_empty()
    {
        TrapEvents events = new(1);
        events.Begin(TrapKind.Debug, 0, 1).Looked("kgdb", NotifyResult.Stop);
        TrapEvent again = events.Begin(TrapKind.Nmi, 1, 2);

        Assert.Equal((0, null, TrapVerdict.Pending, 0UL), (again.LookerCount, again.Consumer, again.Verdict, again.Dr6));
    }

    [Fact]
    public void More_than_eight_lookers_are_not_named_but_the_consumer_is()
    {
        TrapEvent record = new TrapEvents(1).Begin(TrapKind.Int3, 0, 0);
        for (int i = 0; i < 9; i++)
        {
            record.Looked($"n{i}", i == 8 ? NotifyResult.Stop : NotifyResult.Done);
        }

        Assert.Equal((8, "n8"), (record.LookerCount, record.Consumer));
    }

    [Fact]
    public void A_capacity_must_be_a_power_of_two() => Assert.Throws<ArgumentOutOfRangeException>(static () => new TrapEvents(3));
}
