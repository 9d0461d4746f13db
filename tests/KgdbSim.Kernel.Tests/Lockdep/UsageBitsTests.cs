using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Names and characters as kernel/lockdep.c@2.6.30 prints them, and the algebra of exclusive usages.</summary>
public sealed class UsageBitsTests
{
    [Theory]
    [InlineData(nameof(LockUsage.UsedInHardirq), "IN-HARDIRQ-W", "HARDIRQ")]
    [InlineData(nameof(LockUsage.UsedInHardirqRead), "IN-HARDIRQ-R", "HARDIRQ-READ")]
    [InlineData(nameof(LockUsage.EnabledSoftirq), "SOFTIRQ-ON-W", "SOFTIRQ")]
    [InlineData(nameof(LockUsage.EnabledSoftirqRead), "SOFTIRQ-ON-R", "SOFTIRQ-READ")]
    [InlineData(nameof(LockUsage.UsedInReclaimFs), "IN-RECLAIM_FS-W", "RECLAIM_FS")]
    [InlineData(nameof(LockUsage.EnabledReclaimFsRead), "RECLAIM_FS-ON-R", "RECLAIM_FS-READ")]
    public void Names(string usage, string name, string state)
    {
        LockUsage parsed = Enum.Parse<LockUsage>(usage);
        Assert.Equal((name, state), (UsageBits.Name(parsed), UsageBits.StateName(parsed)));
    }

    [Theory]
    [InlineData(nameof(LockUsage.UsedInHardirq), nameof(LockUsage.EnabledHardirq))]
    [InlineData(nameof(LockUsage.UsedInHardirqRead), nameof(LockUsage.EnabledHardirq))]
    [InlineData(nameof(LockUsage.EnabledHardirq), nameof(LockUsage.UsedInHardirq))]
    [InlineData(nameof(LockUsage.EnabledSoftirqRead), nameof(LockUsage.UsedInSoftirq))]
    [InlineData(nameof(LockUsage.UsedInReclaimFs), nameof(LockUsage.EnabledReclaimFs))]
    public void The_exclusive_usage_is_opposite_and_writing(string usage, string exclusive) =>
        Assert.Equal(Enum.Parse<LockUsage>(exclusive), UsageBits.Exclusive(Enum.Parse<LockUsage>(usage)));

    [Theory]
    [InlineData("", "......", "....")]
    [InlineData("EnabledHardirq", "+.....", "+...")]
    [InlineData("UsedInHardirq", "-.....", "-...")]
    [InlineData("EnabledHardirq EnabledSoftirq UsedInSoftirq", "+.?...", "+.?.")]
    [InlineData("EnabledHardirqRead UsedInSoftirqRead", ".+.-..", ".+.-")]
    [InlineData("EnabledReclaimFs UsedInReclaimFsRead Used", "....+-", "....")]
    public void Characters(string usages, string linux2630, string linux61)
    {
        UsageBits bits = default;
        foreach (string usage in usages.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bits |= UsageBits.Of(Enum.Parse<LockUsage>(usage));
        }

        Assert.Equal(
            (linux2630, linux61),
            (bits.Characters(LockdepFormat.Linux2630), bits.Characters(LockdepFormat.Linux61)));
    }
}
