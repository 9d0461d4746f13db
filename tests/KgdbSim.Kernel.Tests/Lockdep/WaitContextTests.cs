using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Where a lock that sleeps may be taken: check_wait_context() of kernel/locking/lockdep.c@6.1.</summary>
public sealed class WaitContextTests
{
    [Theory]
    [InlineData("task", "", true)]
    [InlineData("task", "mutex", true)]
    [InlineData("task", "spin", false)]
    [InlineData("task", "mutex spin", false)]
    [InlineData("softirq", "", false)]
    [InlineData("hardirq", "", false)]
    public void A_mutex_needs_a_task_without_spinlocks(string where, string held, bool isFine)
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        foreach (string name in held.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Take(rig, name, CpuContext.Task);
        }

        CpuContext cpu = where switch { "task" => CpuContext.Task, "softirq" => LockdepRig.Softirq, _ => LockdepRig.Hardirq };
        Take(rig, "mutex2", cpu);
        Assert.True(rig.State.IsActive == isFine, rig.State.Report?.Text ?? "no report");
    }

    [Fact]
    public void A_spinlock_under_a_mutex_is_fine_and_so_is_a_mutex_tried()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        Take(rig, "mutex", CpuContext.Task);
        Take(rig, "spin", CpuContext.Task);
        rig.State.Acquire(
            rig.Task, new LockRequest(Class(rig, "mutex2"), 1, IsTrylock: true), CpuContext.Task, LockdepRig.At("mutex_trylock"));
        rig.ExpectQuiet();
    }

    [Fact]
    public void The_text()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        Take(rig, "spin", CpuContext.Task);
        Take(rig, "mutex", CpuContext.Task);
        Assert.Equal(
            """

            =============================
            [ BUG: Invalid wait context ]
            6.1.0 #1 Not tainted
            -----------------------------
            insmod/42 is trying to lock:
            0000000000000001 (mutex){....}-{3:3}, at: take_mutex+0x10/0x20
            other info that might help us debug this:
            context-{4:4}
            1 lock held by insmod/42:
             #0: 0000000000000001 (spin){+.+.}-{2:2}, at: take_spin+0x10/0x20
            stack backtrace:
            CPU: 0 PID: 42 Comm: insmod Not tainted 6.1.0 #1
            Call Trace:
             <TASK>
             take_mutex+0x10/0x20
             </TASK>

            """,
            rig.Expect(LockdepReportKind.InvalidWaitContext).Text);
    }

    [Fact]
    public void In_2_6_30_nobody_looks()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        Take(rig, "spin", CpuContext.Task);
        Take(rig, "mutex", CpuContext.Task);
        rig.ExpectQuiet();
    }

    private static void Take(LockdepRig rig, string name, CpuContext cpu) =>
        rig.State.Acquire(rig.Task, new LockRequest(Class(rig, name), 1), cpu, LockdepRig.At($"take_{name}"));

    private static LockClass Class(LockdepRig rig, string name)
    {
        int wait = name.StartsWith("mutex", StringComparison.Ordinal) ? LockKey.SleepWait : LockKey.SpinWait;
        return rig.State.Class(new LockKey(name) { InnerWait = wait, OuterWait = wait });
    }
}
