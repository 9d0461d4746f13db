using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>
/// The usage state machine: which bits an acquisition sets and which pairs exclude each other. Documentation/locking/lockdep-design.txt and
/// mark_irqflags(), exclusive_bit() of kernel/lockdep.c@2.6.30.
/// </summary>
public sealed class UsageMarkerTests
{
    private static readonly CpuContext BothOff = CpuContext.Task with { HardirqsEnabled = false, SoftirqsEnabled = false };

    /// <summary>Where a lock is taken, whether for reading, and the usage that this sets beside others.</summary>
    private static readonly Dictionary<string, (CpuContext Cpu, LockAccess Access)> Ways = new()
    {
        ["IN-HARDIRQ-W"] = (LockdepRig.Hardirq, LockAccess.Write),
        ["IN-HARDIRQ-R"] = (LockdepRig.Hardirq, LockAccess.RecursiveRead),
        ["HARDIRQ-ON-W"] = (LockdepRig.BhOff, LockAccess.Write),
        ["HARDIRQ-ON-R"] = (LockdepRig.BhOff, LockAccess.Read),
        ["IN-SOFTIRQ-W"] = (LockdepRig.Softirq with { HardirqsEnabled = false }, LockAccess.Write),
        ["IN-SOFTIRQ-R"] = (LockdepRig.Softirq with { HardirqsEnabled = false }, LockAccess.RecursiveRead),
        ["SOFTIRQ-ON-W"] = (CpuContext.Task, LockAccess.Write),
        ["SOFTIRQ-ON-R"] = (CpuContext.Task, LockAccess.Read),
    };

    /// <summary>USED_IN_S excludes ENABLED_S and ENABLED_S_READ, USED_IN_S_READ only ENABLED_S; both ways.</summary>
    private static readonly HashSet<(string, string)> Exclusive =
    [
        .. from irq in new[] { "HARDIRQ", "SOFTIRQ" }
        from pair in new[] { ($"IN-{irq}-W", $"{irq}-ON-W"), ($"IN-{irq}-W", $"{irq}-ON-R"), ($"IN-{irq}-R", $"{irq}-ON-W") }
        from ordered in new[] { pair, (pair.Item2, pair.Item1) }
        select ordered,
    ];

    public static TheoryData<string, string, string> Pairs()
    {
        TheoryData<string, string, string> data = [];
        foreach (string format in Enum.GetNames<LockdepFormat>())
        {
            foreach (string first in Ways.Keys)
            {
                foreach (string second in Ways.Keys)
                {
                    data.Add(format, first, second);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_of_usages_conflicts_or_not_as_the_table_says(string format, string first, string second)
    {
        var rig = LockdepRig.Of(format);
        rig.Touch("l", Ways[first].Cpu, Ways[first].Access);
        rig.ExpectQuiet();
        rig.Touch("l", Ways[second].Cpu, Ways[second].Access);
        (string Previous, string New)? expected = Conflict(first, second);
        if (expected is null)
        {
            rig.ExpectQuiet();
            return;
        }

        LockdepReport report = rig.Expect(LockdepReportKind.InconsistentState);
        Assert.Equal(expected, (report.PreviousState!, report.NewState!));
        Assert.Contains($"inconsistent {{{report.PreviousState}}} -> {{{report.NewState}}} usage.\n", report.Text);
    }

    // Taking a lock with softirqs enabled sets the hardirq bit too, and first.
    private static (string, string)? Conflict(string first, string second) =>
        (from earlier in Sets(first) from later in Sets(second) orderby later select (earlier, later)).Cast<(string, string)?>()
            .FirstOrDefault(pair => Exclusive.Contains(pair!.Value));

    private static string[] Sets(string way) => way.StartsWith("SOFTIRQ-ON", StringComparison.Ordinal) ? [way.Replace("SOFT", "HARD"), way] : [way];

    [Theory]
    [InlineData("task", "+.+...", "+.+.")]
    [InlineData("task read", ".+.+..", ".+.+")]
    [InlineData("bh off", "+.....", "+...")]
    [InlineData("irqs off", "......", "....")]
    [InlineData("both off", "......", "....")]
    [InlineData("hardirq", "-.....", "-...")]
    [InlineData("hardirq read", ".-....", ".-..")]
    [InlineData("softirq", "+.-...", "+.-.")]
    [InlineData("softirq read", ".+.-..", ".+.-")]
    [InlineData("hardirq in softirq", "-.-...", "-.-.")]
    public void One_acquisition_sets_these_bits(string where, string characters2630, string characters61)
    {
        CpuContext cpu = where.Replace(" read", "") switch
        {
            "task" => CpuContext.Task,
            "bh off" => LockdepRig.BhOff,
            "irqs off" => LockdepRig.IrqsOff,
            "both off" => BothOff,
            "hardirq" => LockdepRig.Hardirq,
            "softirq" => LockdepRig.Softirq,
            _ => LockdepRig.Softirq with { InHardirq = true, HardirqCount = 1, HardirqsEnabled = false },
        };
        LockAccess access = where.EndsWith("read", StringComparison.Ordinal) ? LockAccess.Read : LockAccess.Write;
        foreach ((LockdepFormat format, string expected) in
            new[] { (LockdepFormat.Linux2630, characters2630), (LockdepFormat.Linux61, characters61) })
        {
            var rig = new LockdepRig(format);
            rig.Touch("l", cpu, access);
            Assert.Equal(expected, rig.Usage("l"));
            Assert.Equal(access != LockAccess.Write && format == LockdepFormat.Linux61, rig.Class("l").Usage.Has(LockUsage.UsedRead));
        }
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void A_trylock_in_an_interrupt_says_nothing_but_with_interrupts_on_it_does(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Touch("l", LockdepRig.Hardirq, isTrylock: true).Touch("l", LockdepRig.Softirq with { HardirqsEnabled = false }, isTrylock: true);
        Assert.Equal("....", rig.Usage("l")[..4]);
        rig.Touch("l", isTrylock: true);
        Assert.Equal("+.+.", rig.Usage("l")[..4]);
        rig.ExpectQuiet();
        rig.Touch("l", LockdepRig.Hardirq);
        rig.Expect(LockdepReportKind.InconsistentState);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Enabling_marks_what_is_held(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a", BothOff).Lock("b", BothOff, LockAccess.Read);
        rig.State.HardirqsOn(rig.Task, BothOff, LockdepRig.At("local_irq_enable"));
        Assert.Equal(("+...", ".+.."), (rig.Usage("a")[..4], rig.Usage("b")[..4]));
        rig.State.SoftirqsOn(rig.Task, LockdepRig.BhOff, LockdepRig.At("local_bh_enable"));
        Assert.Equal(("+.+.", ".+.+"), (rig.Usage("a")[..4], rig.Usage("b")[..4]));
        Assert.Equal("local_bh_enable", rig.Class("a").FirstUse(LockUsage.EnabledSoftirq).Location.Symbol);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Softirqs_count_as_enabled_only_once_hardirqs_are(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a", BothOff);
        rig.State.SoftirqsOn(rig.Task, BothOff, LockdepRig.At("local_bh_enable"));
        Assert.Equal("....", rig.Usage("a")[..4]);
        rig.State.HardirqsOn(rig.Task, LockdepRig.IrqsOff, LockdepRig.At("local_irq_enable"));
        Assert.Equal("+.+.", rig.Usage("a")[..4]);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Enabling_interrupts_over_a_lock_that_they_take_is_reported(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Touch("l", LockdepRig.Hardirq).Lock("l", LockdepRig.IrqsOff);
        rig.State.HardirqsOn(rig.Task, LockdepRig.IrqsOff, LockdepRig.At("local_irq_enable"));
        LockdepReport report = rig.Expect(LockdepReportKind.InconsistentState);
        Assert.Equal(("IN-HARDIRQ-W", "HARDIRQ-ON-W"), (report.PreviousState, report.NewState));

        // The lock is held by now, and 2.6.30 believes interrupts to be on already.
        Assert.Contains("1 lock held by insmod/42:\n #0: ", report.Text);
        Assert.Contains(format == "Linux2630" ? ":HE1:SE1] takes:" : ":HE0:SE1] takes:", report.Text);
    }

    [Fact]
    public void Allocating_under_a_lock_that_reclaim_takes_is_reported_by_2_6_30()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.Task.IsReclaiming = true;
        rig.Touch("l", LockdepRig.BhOff);
        rig.Task.IsReclaiming = false;
        Assert.Equal("+...-.", rig.Usage("l"));
        rig.Lock("l", LockdepRig.BhOff);
        rig.State.AllocatesWithReclaim(rig.Task, LockdepRig.BhOff, LockdepRig.At("kmalloc"));
        LockdepReport report = rig.Expect(LockdepReportKind.InconsistentState);
        Assert.Equal(("IN-RECLAIM_FS-W", "RECLAIM_FS-ON-W"), (report.PreviousState, report.NewState));
        Assert.Contains("(l){+...?.}", report.Text);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void A_class_is_one_across_locks_tasks_and_cpus(string format)
    {
        var rig = LockdepRig.Of(format);
        HeldLocks other = rig.State.AddTask("ksoftirqd/1", 9);
        LockClass shared = rig.Class("&q->lock");
        CallSite site = LockdepRig.At("f");
        rig.State.Acquire(rig.Task, new LockRequest(shared, 0x1000), CpuContext.Task, site);
        rig.State.Release(rig.Task, shared, 0x1000, CpuContext.Task, site);
        rig.State.Acquire(other, new LockRequest(shared, 0x2000), LockdepRig.Softirq with { Cpu = 1 }, site);
        Assert.Equal("ksoftirqd/1/9", rig.Expect(LockdepReportKind.InconsistentState).Task);
    }
}
