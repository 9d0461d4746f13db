using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Texts of the report on one class's usage in 6.1; <see cref="HwBreakpointLockTests"/> has that of 2.6.30.</summary>
public sealed class UsageReportsTests
{
    [Fact]
    public void Inconsistent_state_in_6_1()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        HeldLocks idle = rig.State.AddTask("swapper/2", 0);
        rig.Touch("l");
        rig.State.SoftirqsOff(idle, CpuContext.Task, CallSite.In("irq_exit_rcu", 0xad, 0xe0, 0xffffffff81087a6d));
        rig.Lock("l", LockdepRig.Softirq with { Cpu = 2 }, task: idle);
        Assert.Equal(
            """

            ================================
            WARNING: inconsistent lock state
            6.1.0 #1 Not tainted
            --------------------------------
            inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.
            swapper/2/0 [HC0[0]:SC1[1]:HE1:SE0] takes:
            ffff888000001b00 (l){+.?.}-{2:2}, at: lock_l+0x10/0x20
            {SOFTIRQ-ON-W} state was registered at:
              lock_l+0x10/0x20
            irq event stamp: 1
            hardirqs last  enabled at (0): [<0000000000000000>] 0x0
            hardirqs last disabled at (0): [<0000000000000000>] 0x0
            softirqs last  enabled at (0): [<0000000000000000>] 0x0
            softirqs last disabled at (1): [<ffffffff81087a6d>] irq_exit_rcu+0xad/0xe0

            other info that might help us debug this:
             Possible unsafe locking scenario:

                   CPU0
                   ----
              lock(l);
              <Interrupt>
                lock(l);

             *** DEADLOCK ***

            no locks held by swapper/2/0.

            stack backtrace:
            CPU: 2 PID: 0 Comm: swapper/2 Not tainted 6.1.0 #1
            Call Trace:
             <IRQ>
             lock_l+0x10/0x20
             </IRQ>

            """,
            rig.Expect(LockdepReportKind.InconsistentState).Text);
    }

    [Fact]
    public void A_lock_waited_for_in_an_NMI_must_not_be_used_outside()
    {
        // TP-04 of the scenarios: the NMI may have interrupted the holder.
        var rig = new LockdepRig(LockdepFormat.Linux61);
        rig.Lock("l", LockdepRig.Nmi).Unlock("l", LockdepRig.Nmi).Lock("l", LockdepRig.IrqsOff);
        rig.ExpectQuiet();
        rig.Lock("l", LockdepRig.Nmi, isTrylock: true);
        rig.ExpectQuiet();
        rig.Lock("l", LockdepRig.Nmi);
        LockdepReport report = rig.Expect(LockdepReportKind.InconsistentState);
        Assert.Contains("\ninconsistent {INITIAL USE} -> {IN-NMI} usage.\n", report.Text);
        Assert.Contains("\n <NMI>\n", report.Text);
        Assert.Contains("\n1 lock held by insmod/42:\n", report.Text);
    }

    [Fact]
    public void Reading_outside_excludes_only_writing_in_an_NMI()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        rig.Touch("l", access: LockAccess.Read).Lock("l", LockdepRig.Nmi, LockAccess.RecursiveRead);
        rig.ExpectQuiet();
        rig.Lock("l", LockdepRig.Nmi);
        Assert.Equal("INITIAL READ USE", rig.Expect(LockdepReportKind.InconsistentState).PreviousState);
    }

    [Fact]
    public void In_2_6_30_an_NMI_is_not_looked_at()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        rig.Lock("l").Lock("l", LockdepRig.Nmi).Unlock("l", LockdepRig.Nmi).Unlock("l");
        rig.ExpectQuiet();
        Assert.Equal(0, rig.Task.Count);
    }
}
