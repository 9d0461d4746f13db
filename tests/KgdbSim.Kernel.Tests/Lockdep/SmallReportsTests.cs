using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Reports on locks held too long or not at all, from the format strings of both kernels.</summary>
public sealed class SmallReportsTests
{
    [Fact]
    public void Unlock_imbalance_in_2_6_30()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.Lock("a").Unlock("b");
        Assert.Equal(
            """

            =====================================
            [ BUG: bad unlock balance detected! ]
            -------------------------------------
            insmod/42 is trying to release lock (b) at:
            [<ffffffff81006210>] unlock_b+0x10/0x20
            but there are no more locks to release!

            other info that might help us debug this:
            1 lock held by insmod/42:
             #0:  (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20

            stack backtrace:
            Pid: 42, comm: insmod Not tainted 2.6.30 #1
            Call Trace:
             [<ffffffff81006210>] unlock_b+0x10/0x20

            """,
            rig.Expect(LockdepReportKind.UnlockImbalance).Text);
    }

    [Fact]
    public void Unlock_imbalance_in_6_1()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        rig.Unlock("b");
        Assert.StartsWith(
            """

            =====================================
            WARNING: bad unlock balance detected!
            6.1.0 #1 Not tainted
            -------------------------------------
            insmod/42 is trying to release lock (b) at:
            [<ffffffff81006210>] unlock_b+0x10/0x20
            but there are no more locks to release!

            other info that might help us debug this:
            no locks held by insmod/42.

            stack backtrace:
            """,
            rig.Expect(LockdepReportKind.UnlockImbalance).Text);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void A_lock_taken_outside_may_not_be_released_by_an_interrupt(string format)
    {
        var rig = LockdepRig.Of(format);
        rig.Lock("a").Lock("b", LockdepRig.Hardirq).Unlock("a", LockdepRig.Hardirq);
        rig.Expect(LockdepReportKind.UnlockImbalance);
    }

    [Theory]
    [InlineData(0x1860ul, 0x20ul, false)]
    [InlineData(0x1800ul, 0x40ul, false)]
    [InlineData(0x1800ul, 0x41ul, true)]
    [InlineData(0x1840ul, 0x1ul, true)]
    public void Memory_with_a_held_lock_in_it_may_not_be_freed(ulong offset, ulong length, bool isWrong)
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        ulong address = 0xffff888000000000 + offset;
        rig.Lock("a");
        rig.State.MemoryFreed(rig.Task, address, length, CpuContext.Task, LockdepRig.At("kfree"));
        if (!isWrong)
        {
            rig.ExpectQuiet();
            return;
        }

        Assert.StartsWith(
            $"""

            =========================
            WARNING: held lock freed!
            6.1.0 #1 Not tainted
            -------------------------
            insmod/42 is freeing memory {address:x16}-{address + length - 1:x16}, with a lock still held there!
            ffff888000001840 (a){"{+.+.}-{2:2}"}, at: lock_a+0x10/0x20
            1 lock held by insmod/42:
             #0: ffff888000001840 (a){"{+.+.}-{2:2}"}, at: lock_a+0x10/0x20

            stack backtrace:
            """,
            rig.Expect(LockdepReportKind.HeldLockFreed).Text);
    }

    [Fact]
    public void A_task_may_not_exit_with_locks()
    {
        string old = Exit(LockdepFormat.Linux2630);
        Assert.StartsWith(
            "\n=====================================\n[ BUG: lock held at task exit time! ]\n-------------------------------------\n"
            + "insmod/42 is exiting with locks still held!\n1 lock held by insmod/42:\n #0:  (a)", old);
        string modern = Exit(LockdepFormat.Linux61);
        Assert.StartsWith(
            "\n====================================\nWARNING: insmod/42 still has locks held!\n6.1.0 #1 Not tainted\n"
            + "------------------------------------\n1 lock held by insmod/42:\n #0: ffff888000001840 (a)", modern);
    }

    [Fact]
    public void A_task_may_not_go_to_user_space_with_locks()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.State.ReturnsToUser(rig.Task, CpuContext.Task, LockdepRig.At("sysret"));
        rig.ExpectQuiet();
        rig.Lock("a").Lock("b");
        rig.State.ReturnsToUser(rig.Task, CpuContext.Task, LockdepRig.At("sysret"));
        Assert.Equal(
            """

            ================================================
            [ BUG: lock held when returning to user space! ]
            ------------------------------------------------
            insmod/42 is leaving the kernel with locks still held!
            2 locks held by insmod/42:
             #0:  (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20
             #1:  (b){+.+...}, at: [<ffffffff81006210>] lock_b+0x10/0x20

            """,
            rig.Expect(LockdepReportKind.HeldInUserSpace).Text);
    }

    [Fact]
    public void Forty_eight_locks_are_too_many()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        for (int i = 0; i < 47; i++)
        {
            rig.State.Acquire(rig.Task, new LockRequest(rig.Class($"l{i}"), (ulong)i), CpuContext.Task, LockdepRig.At("f"));
        }

        rig.ExpectQuiet();
        rig.Lock("a");
        Assert.Contains("\nBUG: MAX_LOCK_DEPTH too low!\n", rig.Expect(LockdepReportKind.TooManyHeld).Text);
    }

    private static string Exit(LockdepFormat format)
    {
        var rig = new LockdepRig(format);
        rig.Lock("a");
        rig.State.TaskExits(rig.Task, CpuContext.Task, LockdepRig.At("do_exit"));
        return rig.Expect(LockdepReportKind.HeldAtExit).Text;
    }
}
