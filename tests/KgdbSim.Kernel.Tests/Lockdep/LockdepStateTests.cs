using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Bookkeeping: stamps, names, one report per run, recycling.</summary>
public sealed class LockdepStateTests
{
    [Fact]
    public void Only_changes_are_counted()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        CallSite site = LockdepRig.At("f");
        rig.State.HardirqsOn(rig.Task, CpuContext.Task, site);
        rig.State.SoftirqsOn(rig.Task, CpuContext.Task, site);
        rig.State.HardirqsOff(rig.Task, LockdepRig.IrqsOff, site);
        rig.State.SoftirqsOff(rig.Task, LockdepRig.BhOff, site);
        Assert.Equal(0u, rig.Task.Irqs.Stamp);
        rig.State.HardirqsOff(rig.Task, CpuContext.Task, site);
        rig.State.SoftirqsOff(rig.Task, CpuContext.Task, site);
        rig.State.HardirqsOn(rig.Task, LockdepRig.IrqsOff, site);
        rig.State.SoftirqsOn(rig.Task, LockdepRig.BhOff, site);
        IrqTrace irqs = rig.Task.Irqs;
        Assert.Equal(
            (1u, 2u, 3u, 4u),
            (irqs.HardirqsDisabled.Stamp, irqs.SoftirqsDisabled.Stamp, irqs.HardirqsEnabled.Stamp, irqs.SoftirqsEnabled.Stamp));
    }

    [Fact]
    public void The_first_report_turns_it_off()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        rig.Lock("a").Lock("a");
        LockdepReport first = rig.Expect(LockdepReportKind.Recursion);
        rig.Lock("b").Lock("b").Unlock("c");
        rig.State.TaskExits(rig.Task, CpuContext.Task, LockdepRig.At("do_exit"));
        Assert.Same(first, rig.State.Report);
        Assert.Equal(1, rig.Task.Count);
    }

    [Fact]
    public void Two_keys_of_one_name_are_numbered_in_the_order_of_their_use()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        LockClass[] classes = [.. new[] { "k1", "k2", "k3" }.Select(key => rig.State.Class(new LockKey(key) { Name = "lock" }))];
        LockClass nested = rig.State.Class(new LockKey("k1", 1) { Name = "lock" });
        foreach (LockClass taken in new[] { classes[2], classes[0], classes[1], nested })
        {
            rig.State.Acquire(rig.Task, new LockRequest(taken, 1), CpuContext.Task, LockdepRig.At("f"));
        }

        Assert.Equal(["lock", "lock#2", "lock#3", "lock#2/1"], rig.State.Classes.Select(c => c.DisplayName));
    }

    [Fact]
    public void Reset_forgets_everything_but_the_classes_themselves()
    {
        var rig = new LockdepRig(LockdepFormat.Linux2630);
        LockClass a = rig.Class("a");
        rig.Nest(CpuContext.Task, "a", "b").Nest(CpuContext.Task, "b", "a");
        rig.Expect(LockdepReportKind.Circular);
        rig.State.Reset();
        Assert.Empty(rig.State.Classes);
        Assert.Empty(rig.State.Tasks);
        Assert.Same(a, rig.Class("a"));
        Assert.True(a.Usage.IsEmpty);
        HeldLocks task = rig.State.AddTask("again", 1);
        rig.Lock("b", task: task).Lock("a", task: task);
        rig.ExpectQuiet();
        Assert.Equal("again/1", task.Name);
    }

    [Fact]
    public void A_task_takes_its_locks_along()
    {
        // What another task holds on the same CPU after a switch is nobody else's business.
        var rig = new LockdepRig(LockdepFormat.Linux61);
        HeldLocks other = rig.State.AddTask("other", 2);
        rig.Lock("a").Lock("b", task: other).Lock("c").Unlock("b", task: other).Unlock("c").Unlock("a");
        rig.ExpectQuiet();
        Assert.Equal(["c"], rig.Class("a").After.Select(d => d.To.DisplayName));
        Assert.Empty(rig.Class("b").After);
    }

    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Warm_runs_allocate_nothing(string format)
    {
        var rig = LockdepRig.Of(format);
        LockdepState state = rig.State;
        LockKey[] keys = [new("a"), new("b"), new("c"), new("b") { Name = "a" }, new("c", 1)];
        CallSite site = LockdepRig.At("f");
        for (int warm = 0; warm < 3; warm++)
        {
            Run(state, keys, site);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Run(state, keys, site);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        rig.ExpectQuiet();
        Assert.True(allocated == 0, $"{allocated} bytes in 1000 runs");
    }

    private static void Run(LockdepState state, LockKey[] keys, CallSite site)
    {
        state.Reset();
        HeldLocks task = state.AddTask("task", 1);
        HeldLocks other = state.AddTask("other", 2);
        CpuContext off = LockdepRig.IrqsOff with { SoftirqsEnabled = false };
        CpuContext irq = LockdepRig.Hardirq with { SoftirqsEnabled = false };
        LockClass last = state.Class(keys[^1]);
        state.Acquire(other, new LockRequest(last, 9), irq, site);
        state.Release(other, last, 9, irq, site);
        for (int round = 0; round < 3; round++)
        {
            state.SoftirqsOff(task, CpuContext.Task, site);
            state.HardirqsOff(task, LockdepRig.BhOff, site);
            for (int i = 0; i < keys.Length; i++)
            {
                LockAccess access = i == 2 ? LockAccess.RecursiveRead : LockAccess.Write;
                state.Acquire(task, new LockRequest(state.Class(keys[i]), (ulong)i, access), off, site);
            }

            for (int i = 0; i < keys.Length; i++)
            {
                state.Release(task, state.Class(keys[i]), (ulong)i, off, site);
            }

            state.HardirqsOn(task, off, site);
            state.SoftirqsOn(task, LockdepRig.BhOff, site);
        }
    }
}
