using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Which acquisitions make dependencies, and which of them may not be: check_deadlock(), check_prevs_add().</summary>
public sealed class ChainValidatorTests
{
    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void A_lock_depends_on_the_one_below_it_only(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Nest(CpuContext.Task, "a", "b", "c");
        Assert.Equal("a>b b>c", Dependencies(rig));
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void A_trylock_depends_on_nothing_but_others_depend_on_it_and_on_what_is_below(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a").Lock("b", isTrylock: true).Lock("c");
        Assert.Equal("a>c b>c", Dependencies(rig));
        rig.Unlock("c").Unlock("b").Unlock("a").Lock("b").Lock("a", isTrylock: true);
        rig.ExpectQuiet();
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Contexts_are_not_connected(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a").Lock("b", LockdepRig.Hardirq).Lock("c", LockdepRig.Hardirq);
        Assert.Equal("b>c", Dependencies(rig));
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Recursion_is_seen_across_contexts(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a", LockdepRig.IrqsOff with { SoftirqsEnabled = false }).Lock("b", LockdepRig.IrqsOff);
        rig.Lock("a", LockdepRig.Hardirq with { SoftirqsEnabled = false });
        rig.Expect(LockdepReportKind.Recursion);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Releasing_out_of_order_connects_what_is_left(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a").Lock("b").Lock("c").Unlock("b");
        Assert.Equal("a>b a>c b>c", Dependencies(rig));
        Assert.Equal(["a", "c"], [rig.Task[0].Class.DisplayName, rig.Task[1].Class.DisplayName]);
        rig.Unlock("a").Unlock("c");
        rig.ExpectQuiet();
        Assert.Equal(0, rig.Task.Count);
    }

    [Theory]
    [InlineData(nameof(LockAccess.Write), nameof(LockAccess.Write), true)]
    [InlineData(nameof(LockAccess.Write), nameof(LockAccess.Read), true)]
    [InlineData(nameof(LockAccess.Write), nameof(LockAccess.RecursiveRead), true)]
    [InlineData(nameof(LockAccess.Read), nameof(LockAccess.Write), true)]
    [InlineData(nameof(LockAccess.Read), nameof(LockAccess.Read), true)]
    [InlineData(nameof(LockAccess.Read), nameof(LockAccess.RecursiveRead), false)]
    [InlineData(nameof(LockAccess.RecursiveRead), nameof(LockAccess.Write), true)]
    [InlineData(nameof(LockAccess.RecursiveRead), nameof(LockAccess.Read), true)]
    [InlineData(nameof(LockAccess.RecursiveRead), nameof(LockAccess.RecursiveRead), false)]
    public void Taking_a_class_again_is_wrong_unless_as_recursive_reader(string held, string taken, bool isWrong)
    {
        foreach (LockdepFormat format in Enum.GetValues<LockdepFormat>())
        {
            var rig = new LockdepRig(format);
            rig.Lock("a", access: Enum.Parse<LockAccess>(held)).Lock("a", access: Enum.Parse<LockAccess>(taken));
            Assert.True((rig.State.Report?.Kind == LockdepReportKind.Recursion) == isWrong, $"{format}: {rig.State.Report?.Text}");
        }
    }

    /// <summary>
    /// Documentation/locking/lockdep-design.rst@6.1, "Dependency types and strong dependency paths": only a path in which no (*R)
    /// is followed by an (S*) can close a circle. Two CPUs, each holding the first lock of its pair, wait for one another, perhaps with
    /// the help of writers that wait. W writes, r reads, R reads recursively.
    /// </summary>
    [Theory]
    [InlineData("WW WW", true)]
    [InlineData("WR WW", true)]
    [InlineData("rr rr", true)]
    [InlineData("WR WR", true)]
    [InlineData("RW RW", true)]
    [InlineData("RR RR", false)]
    [InlineData("rR rR", false)]
    [InlineData("RR WW", true)]
    [InlineData("WR rW", false)]
    [InlineData("WW RR", true)]
    [InlineData("rR WW", true)]
    [InlineData("rW rW", true)]
    [InlineData("WR RW", false)]
    [InlineData("RR Rr", false)]
    [InlineData("rr rR", false)]
    public void Circles_of_readers_in_6_1(string accesses, bool isCircle)
    {
        LockAccess[] a = [.. accesses.Replace(" ", "").Select(Access)];
        var rig = new LockdepRig(LockdepFormat.Linux61);
        rig.Lock("a", access: a[0]).Lock("b", access: a[1]).Unlock("b").Unlock("a");
        rig.Lock("b", access: a[2]).Lock("a", access: a[3]);
        Assert.True((rig.State.Report?.Kind == LockdepReportKind.Circular) == isCircle, rig.State.Report?.Text);
    }

    private static LockAccess Access(char letter) =>
        letter switch { 'W' => LockAccess.Write, 'r' => LockAccess.Read, _ => LockAccess.RecursiveRead };

    /// <summary>
    /// A lock that interrupts take, over one that tasks only read with interrupts on. Who waits for a reader may wait for the interrupt on its
    /// CPU; a recursive reader waits for none. 2.6.30 looks for tasks that write only (check_irq_usage(), exclusive_bit()).
    /// </summary>
    [Theory]
    [InlineData(nameof(LockdepFormat.Linux61), nameof(LockAccess.Write), true)]
    [InlineData(nameof(LockdepFormat.Linux61), nameof(LockAccess.Read), true)]
    [InlineData(nameof(LockdepFormat.Linux61), nameof(LockAccess.RecursiveRead), false)]
    [InlineData(nameof(LockdepFormat.Linux2630), nameof(LockAccess.Write), false)]
    public void A_lock_of_interrupts_over_one_that_is_read_elsewhere(string format, string access, bool isWrong)
    {
        var rig = LockdepRig.Of(format);
        rig.Touch("s", LockdepRig.Hardirq).Touch("r", LockdepRig.BhOff, LockAccess.Read);
        CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
        rig.Lock("s", off).Lock("r", off, Enum.Parse<LockAccess>(access));
        Assert.True((rig.State.Report?.Kind == LockdepReportKind.IrqOrder) == isWrong, rig.State.Report?.Text ?? "no report");
        Assert.Equal(isWrong ? "HARDIRQ-ON-R" : null, rig.State.Report?.NewState);
    }

    [Fact]
    public void Recursive_readers_make_no_dependencies_in_2_6_30()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.Lock("a", access: LockAccess.RecursiveRead).Lock("b").Unlock("b").Unlock("a");
        rig.Lock("a").Lock("b", access: LockAccess.RecursiveRead).Unlock("b").Unlock("a");
        Assert.Equal("", Dependencies(rig));
        rig.Lock("a", access: LockAccess.Read).Lock("b", access: LockAccess.Read);
        Assert.Equal("a>b", Dependencies(rig));
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Subclasses_are_classes_of_their_own(string format)
    {
        var rig = LockdepRig.Of(format);
        LockClass outer = rig.Class("&rq->lock");
        LockClass inner = rig.State.Class(new LockKey("&rq->lock", 1));
        CallSite site = LockdepRig.At("double_rq_lock");
        rig.State.Acquire(rig.Task, new LockRequest(outer, 1), CpuContext.Task, site);
        rig.State.Acquire(rig.Task, new LockRequest(inner, 2), CpuContext.Task, site);
        rig.ExpectQuiet();
        Assert.Equal("&rq->lock>&rq->lock/1", Dependencies(rig));
    }

    private static string Dependencies(LockdepRig rig) =>
        string.Join(
            ' ',
            rig.State.Classes.SelectMany(c => c.After)
                .Select(d => $"{d.From.DisplayName}>{d.To.DisplayName}")
                .Order(StringComparer.Ordinal));
}
