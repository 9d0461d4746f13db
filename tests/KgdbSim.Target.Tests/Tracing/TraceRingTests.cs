using KgdbSim.Target.Tracing;

namespace KgdbSim.Target.Tests.Tracing;

/// <summary>Events wait in a ring of fixed size.</summary>
public sealed class TraceRingTests
{
    [Fact]
    public void They_come_out_in_order()
    {
        TraceRing ring = new(4);
        ring.Add(At(1));
        ring.Add(At(2));
        Assert.True(ring.TryTake(out TraceEvent first));
        ring.Add(At(3));
        Assert.Equal(1ul, first.Time);
        Assert.Equal([2ul, 3ul], TakeAll(ring));
        Assert.Equal(0, ring.TakeLostCount());
    }

    [Fact]
    public void The_oldest_are_lost_and_counted()
    {
        TraceRing ring = new(4);
        for (ulong i = 0; i < 7; i++)
        {
            ring.Add(At(i));
        }

        Assert.Equal([3ul, 4ul, 5ul, 6ul], TakeAll(ring));
        Assert.Equal(3, ring.TakeLostCount());
        Assert.Equal(0, ring.TakeLostCount());
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        TraceRing ring = new(4);
        ring.Add(At(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 1_000; i++)
        {
            ring.Add(At(i));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static List<ulong> TakeAll(TraceRing ring)
    {
        List<ulong> times = [];
        while (ring.TryTake(out TraceEvent happened))
        {
            times.Add(happened.Time);
        }

        return times;
    }

    private static TraceEvent At(ulong time) => new(time, TraceEventKind.Instant, 0, "dr7", "DR7", null, 0, 0);
}
