using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>The files of kernel/lockdep_proc.c and debug_show_all_locks().</summary>
public sealed class LockdepDumpTests
{
    [Fact]
    public void Classes_are_listed_with_their_direct_dependencies()
    {
        LockdepRig rig = Some(LockdepFormat.Linux2630);
        Assert.Equal(
            """
            all lock classes:
            00000000c0606060 OPS:       2 FD:    3 BD:    1 +.+...: hw_breakpoint_lock
             -> [0000000000000000] b

            0000000000000000 OPS:       2 FD:    2 BD:    2 +.+...: b
             -> [0000000000000000] c

            0000000000000000 OPS:       1 FD:    1 BD:    3 .+.+..: c


            """,
            LockdepDump.Classes(rig.State));
        Assert.Contains(" FD:    3 BD:    1 +.+.: hw_breakpoint_lock\n", LockdepDump.Classes(Some(LockdepFormat.Linux61).State));
    }

    [Fact]
    public void Totals()
    {
        string text = LockdepDump.Statistics(Some(LockdepFormat.Linux2630).State);
        Assert.StartsWith(" lock-classes:                            3\n direct dependencies:                     4\n", text);
        Assert.Contains(" hardirq-unsafe locks:                    2\n", text);
        Assert.Contains(" softirq-read-unsafe locks:               1\n", text);
        Assert.Contains(" irq-safe locks:                          0\n", text);
        Assert.EndsWith(" debug_locks:                             1\n", text);
    }

    [Fact]
    public void Held_locks_of_all_tasks_until_lockdep_is_off()
    {
        LockdepRig rig = Some(LockdepFormat.Linux61);
        rig.State.AddTask("idle", 0);
        rig.Lock("b");
        Assert.Equal(
            "\nShowing all locks held in the system:\n1 lock held by insmod/42:\n #0: ffff888000001880 (b){+.+.}-{2:2}, at: lock_b+0x10/0x20\n"
            + "\n=============================================\n\n",
            LockdepDump.HeldLocks(rig.State));
        rig.Lock("b");
        Assert.Equal("INFO: lockdep is turned off.\n", LockdepDump.HeldLocks(rig.State));
    }

    private static LockdepRig Some(LockdepFormat format)
    {
        var rig = new LockdepRig(format);
        LockClass first = rig.State.Class(new LockKey("hw_breakpoint_lock") { Address = 0xc0606060 });
        CallSite site = LockdepRig.At("f");
        rig.State.Acquire(rig.Task, new LockRequest(first, 1), CpuContext.Task, site);
        rig.Lock("b");
        rig.Unlock("b");
        rig.State.Release(rig.Task, first, 1, CpuContext.Task, site);
        rig.Lock("b").Lock("c", access: LockAccess.Read).Unlock("c").Unlock("b");
        rig.State.Acquire(rig.Task, new LockRequest(first, 1), CpuContext.Task, site);
        rig.State.Release(rig.Task, first, 1, CpuContext.Task, site);
        return rig;
    }
}
