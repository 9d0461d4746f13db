using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>
/// Whole texts of the reports on lock order, from the format strings of kernel/lockdep.c@2.6.30 and kernel/locking/lockdep.c@6.1 and
/// from reports posted to mailing lists.
/// </summary>
public sealed class OrderReportsTests
{
    [Fact]
    public void A_circle_of_three_in_6_1()
    {
        LockdepRig rig = Circle(LockdepFormat.Linux61, "a", "b", "c");
        LockdepReport report = rig.Expect(LockdepReportKind.Circular);
        Assert.Equal(
            """

            ======================================================
            WARNING: possible circular locking dependency detected
            6.1.0 #1 Not tainted
            ------------------------------------------------------
            insmod/42 is trying to acquire lock:
            ffff888000001840 (a){+.+.}-{2:2}, at: lock_a+0x10/0x20

            but task is already holding lock:
            ffff8880000018c0 (c){+.+.}-{2:2}, at: lock_c+0x10/0x20

            which lock already depends on the new lock.


            the existing dependency chain (in reverse order) is:

            -> #2 (c){+.+.}-{2:2}:
                   lock_c+0x10/0x20

            -> #1 (b){+.+.}-{2:2}:
                   lock_b+0x10/0x20

            -> #0 (a){+.+.}-{2:2}:
                   lock_a+0x10/0x20

            other info that might help us debug this:

            Chain exists of:
              a --> b --> c

             Possible unsafe locking scenario:

                   CPU0                    CPU1
                   ----                    ----
              lock(c);
                                           lock(b);
                                           lock(c);
              lock(a);

             *** DEADLOCK ***

            1 lock held by insmod/42:
             #0: ffff8880000018c0 (c){+.+.}-{2:2}, at: lock_c+0x10/0x20

            stack backtrace:
            CPU: 0 PID: 42 Comm: insmod Not tainted 6.1.0 #1
            Call Trace:
             <TASK>
             lock_a+0x10/0x20
             </TASK>

            """,
            report.Text);
        Assert.Equal(("a", "c"), (report.Lock, report.OtherLock));
        Assert.Equal("WARNING: possible circular locking dependency detected: a and c (insmod/42)", report.Summary);
    }

    [Fact]
    public void A_circle_of_two_in_2_6_30()
    {
        LockdepRig rig = Circle(LockdepFormat.Linux2630, "a", "b");
        Assert.Equal(
            """

            =======================================================
            [ INFO: possible circular locking dependency detected ]
            2.6.30 #1
            -------------------------------------------------------
            insmod/42 is trying to acquire lock:
             (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20

            but task is already holding lock:
             (b){+.+...}, at: [<ffffffff81006210>] lock_b+0x10/0x20

            which lock already depends on the new lock.


            the existing dependency chain (in reverse order) is:

            -> #1 (b){+.+...}:
                   [<ffffffff81006210>] lock_b+0x10/0x20

            -> #0 (a){+.+...}:
                   [<ffffffff81006110>] lock_a+0x10/0x20

            other info that might help us debug this:

            1 lock held by insmod/42:
             #0:  (b){+.+...}, at: [<ffffffff81006210>] lock_b+0x10/0x20

            stack backtrace:
            Pid: 42, comm: insmod Not tainted 2.6.30 #1
            Call Trace:
             [<ffffffff81006110>] lock_a+0x10/0x20

            """,
            rig.Expect(LockdepReportKind.Circular).Text);
    }

    [Fact]
    public void A_circle_of_two_in_6_1_needs_no_chain()
    {
        string text = Circle(LockdepFormat.Linux61, "a", "b").Expect(LockdepReportKind.Circular).Text;
        Assert.DoesNotContain("Chain exists of:", text);
        Assert.Contains(
            "  lock(b);\n                               lock(a);\n                               lock(b);\n  lock(a);\n\n *** DEADLOCK ***\n", text);
    }

    [Fact]
    public void Recursion_in_6_1()
    {
        // As posted on 16 August 2022 for 6.0.0-rc1+, with another lock.
        var rig = new LockdepRig(LockdepFormat.Linux61);
        LockClass mutex = rig.State.Class(
            new LockKey("&indio_dev->mlock") { InnerWait = LockKey.SleepWait, OuterWait = LockKey.SleepWait });
        rig.State.Acquire(rig.Task, new LockRequest(mutex, 0x636b64c0), CpuContext.Task, CallSite.In("enable_store", 0x4d, 0x100, 1));
        rig.State.Acquire(rig.Task, new LockRequest(mutex, 0x64c944c0), CpuContext.Task, CallSite.In("iio_update_buffers", 0x62, 0x180, 2));
        Assert.StartsWith(
            """

            ============================================
            WARNING: possible recursive locking detected
            6.1.0 #1 Not tainted
            --------------------------------------------
            insmod/42 is trying to acquire lock:
            0000000064c944c0 (&indio_dev->mlock){+.+.}-{3:3}, at: iio_update_buffers+0x62/0x180

            but task is already holding lock:
            00000000636b64c0 (&indio_dev->mlock){+.+.}-{3:3}, at: enable_store+0x4d/0x100

            other info that might help us debug this:
             Possible unsafe locking scenario:

                   CPU0
                   ----
              lock(&indio_dev->mlock);
              lock(&indio_dev->mlock);

             *** DEADLOCK ***

             May be due to missing lock nesting notation

            1 lock held by insmod/42:
             #0: 00000000636b64c0 (&indio_dev->mlock){+.+.}-{3:3}, at: enable_store+0x4d/0x100

            stack backtrace:
            """,
            rig.Expect(LockdepReportKind.Recursion).Text);
    }

    [Fact]
    public void Recursion_in_2_6_30()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.Lock("a").Lock("a");
        Assert.StartsWith(
            """

            =============================================
            [ INFO: possible recursive locking detected ]
            2.6.30 #1
            ---------------------------------------------
            insmod/42 is trying to acquire lock:
             (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20

            but task is already holding lock:
             (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20

            other info that might help us debug this:
            1 lock held by insmod/42:
             #0:  (a){+.+...}, at: [<ffffffff81006110>] lock_a+0x10/0x20

            stack backtrace:
            """,
            rig.Expect(LockdepReportKind.Recursion).Text);
    }

    [Fact]
    public void Inversion_in_6_1()
    {
        // The shape of the report on &(&ctx->ctx_lock)->rlock that syzbot posted for 5.3.0-rc6-next-20190830.
        var rig = new LockdepRig(LockdepFormat.Linux61);
        CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
        rig.Touch("w").Nest(off, "c", "w").Lock("c", LockdepRig.Softirq with { HardirqsEnabled = false });
        Assert.Equal(
            """

            ========================================================
            WARNING: possible irq lock inversion dependency detected
            6.1.0 #1 Not tainted
            --------------------------------------------------------
            insmod/42 just changed the state of lock:
            ffff8880000018c0 (c){..-.}-{2:2}, at: lock_c+0x10/0x20
            but this lock took another, SOFTIRQ-unsafe lock in the past:
             (w){+.+.}-{2:2}


            and interrupts could create inverse lock ordering between them.


            other info that might help us debug this:
             Possible interrupt unsafe locking scenario:

                   CPU0                    CPU1
                   ----                    ----
              lock(w);
                                           local_irq_disable();
                                           lock(c);
                                           lock(w);
              <Interrupt>
                lock(c);

             *** DEADLOCK ***

            no locks held by insmod/42.

            the shortest dependencies between 2nd lock and 1st lock:
             -> (w){+.+.}-{2:2} {
                HARDIRQ-ON-W at:
                                  lock_w+0x10/0x20
                SOFTIRQ-ON-W at:
                                  lock_w+0x10/0x20
                INITIAL USE at:
                                 lock_w+0x10/0x20
              }
              ... key      at: [<0000000000000000>] w
              ... acquired at:
               lock_w+0x10/0x20

            -> (c){..-.}-{2:2} {
               IN-SOFTIRQ-W at:
                                lock_c+0x10/0x20
               INITIAL USE at:
                               lock_c+0x10/0x20
             }
             ... key      at: [<0000000000000000>] c
             ... acquired at:
               lock_c+0x10/0x20


            stack backtrace:
            CPU: 0 PID: 42 Comm: insmod Not tainted 6.1.0 #1
            Call Trace:
             <IRQ>
             lock_c+0x10/0x20
             </IRQ>

            """,
            rig.Expect(LockdepReportKind.IrqInversion).Text);
    }

    [Fact]
    public void Inversion_in_2_6_30_seen_from_the_unsafe_side()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
        rig.Touch("c", LockdepRig.Hardirq).Nest(off, "c", "w").Lock("w", LockdepRig.BhOff);
        string text = rig.Expect(LockdepReportKind.IrqInversion).Text;
        Assert.StartsWith(
            """

            =========================================================
            [ INFO: possible irq lock inversion dependency detected ]
            2.6.30 #1
            ---------------------------------------------------------
            insmod/42 just changed the state of lock:
             (w){+.....}, at: [<ffffffff81007710>] lock_w+0x10/0x20
            but this lock was taken by another, HARDIRQ-safe lock in the past:
             (c){-.....}

            and interrupts could create inverse lock ordering between them.


            other info that might help us debug this:
            no locks held by insmod/42.

            the first lock's dependencies:
            -> (w){+.....} ops: 2 {
            """,
            text);
        Assert.Contains("\nthe second lock's dependencies:\n-> (c){-.....} ops: 2 {\n   IN-HARDIRQ-W at:\n", text);
    }

    [Fact]
    public void Irq_order_in_6_1()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
        rig.Touch("s", LockdepRig.Hardirq).Touch("u", LockdepRig.BhOff).Lock("s", off).Lock("u", off);
        LockdepReport report = rig.Expect(LockdepReportKind.IrqOrder);
        Assert.StartsWith(
            """

            =====================================================
            WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected
            6.1.0 #1 Not tainted
            -----------------------------------------------------
            insmod/42 [HC0[0]:SC0[0]:HE0:SE0] is trying to acquire:
            ffff888000001d40 (u){+...}-{2:2}, at: lock_u+0x10/0x20

            and this task is already holding:
            ffff888000001cc0 (s){-...}-{2:2}, at: lock_s+0x10/0x20
            which would create a new lock dependency:
             (s){-...}-{2:2} -> (u){+...}-{2:2}

            but this new dependency connects a HARDIRQ-irq-safe lock:
             (s){-...}-{2:2}

            ... which became HARDIRQ-irq-safe at:
              lock_s+0x10/0x20

            to a HARDIRQ-irq-unsafe lock:
             (u){+...}-{2:2}

            ... which became HARDIRQ-irq-unsafe at:
            ...
              lock_u+0x10/0x20

            other info that might help us debug this:

             Possible interrupt unsafe locking scenario:

                   CPU0                    CPU1
                   ----                    ----
              lock(u);
                                           local_irq_disable();
                                           lock(s);
                                           lock(u);
              <Interrupt>
                lock(s);

             *** DEADLOCK ***

            1 lock held by insmod/42:
             #0: ffff888000001cc0 (s){-...}-{2:2}, at: lock_s+0x10/0x20

            the dependencies between HARDIRQ-irq-safe lock and the holding lock:
            -> (s){-...}-{2:2} {
            """,
            report.Text);
        Assert.Equal(("IN-HARDIRQ-W", "HARDIRQ-ON-W"), (report.PreviousState, report.NewState));
    }

    [Fact]
    public void Irq_order_through_a_chain_names_the_ends()
    {
        foreach (LockdepFormat format in Enum.GetValues<LockdepFormat>())
        {
            var rig = new LockdepRig(format);
            CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
            rig.Touch("s", LockdepRig.Softirq with { HardirqsEnabled = false }).Touch("u").Nest(off, "s", "m").Nest(off, "n", "u");
            rig.ExpectQuiet();
            rig.Nest(off, "m", "n");
            LockdepReport report = rig.Expect(LockdepReportKind.IrqOrder);
            Assert.Contains("SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", report.Text);
            Assert.Contains("but this new dependency connects a SOFTIRQ-irq-safe lock:\n (s){", report.Text);
            Assert.Contains("to a SOFTIRQ-irq-unsafe lock:\n (u){", report.Text);
            Assert.Equal(format == LockdepFormat.Linux61, report.Text.Contains("Chain exists of:\n  s --> m --> u\n"));
        }
    }

    private static LockdepRig Circle(LockdepFormat format, params string[] names)
    {
        var rig = new LockdepRig(format);
        for (int i = 0; i + 1 < names.Length; i++)
        {
            rig.Nest(CpuContext.Task, names[i], names[i + 1]);
        }

        rig.ExpectQuiet();
        return rig.Nest(CpuContext.Task, names[^1], names[0]);
    }
}
