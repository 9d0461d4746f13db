using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>Fork, exec, exit and ptrace: who is told, and when.</summary>
public sealed class TaskLifeTests
{
    [Fact]
    public void A_child_runs_after_the_hooks_of_its_fork()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            SharedCell<int> inherited = kernel.World.Cell("inherited", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            SharedCell<int> ended = kernel.World.Cell("ended", 0);
            kernel.TaskHooks.Fork.Add(async (c, child) => await inherited.Write(c, child.Pid));
            kernel.TaskHooks.Exit.Add(async c => await ended.FetchAdd(c, 1));
            KernelTask? child = null;
            kernel.Spawn("parent", 0, async c => await c.Fork(child!));
            child = kernel.PrepareChild("child", 1, async c => await seen.Write(c, await inherited.Read(c)));
            kernel.World.Outcome(o =>
            {
                o.Add("seen", seen.Value);
                o.Add("ended", ended.Value);
            });
        });

        Small.Holds(report);
        Assert.Equal(["seen=2 ended=2"], report.OutcomeSet);
    }

    [Fact]
    public void A_child_nobody_forks_is_no_deadlock() => Small.Holds(Small.Explore(1, kernel =>
    {
        kernel.PrepareChild("child", 0, static async c => await c.LocalStep());
        kernel.Spawn("parent", 0, static async c => await c.LocalStep());
    }));

    [Fact]
    public void Exec_tells_its_hooks_and_must_be_able_to_sleep()
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<int> flushed = kernel.World.Cell("flushed", 0);
            kernel.TaskHooks.Exec.Add(async c => await flushed.FetchAdd(c, 1));
            kernel.Spawn("task", 0, async c =>
            {
                await c.Exec();
                await c.PreemptDisable();
                await c.Exec();
                await c.PreemptEnable();
            });
        });

        Small.Violates("sleeping in atomic", report);
    }

    [Fact]
    public void A_tracer_that_waited_finds_the_tracee_stopped() => Small.Holds(Small.Explore(2, kernel =>
    {
        KernelTask tracee = kernel.Spawn("tracee", 0, static async c => await c.PtraceStop());
        kernel.Spawn("tracer", 1, async c =>
        {
            await c.AwaitPtraceStop(tracee);
            await tracee.Runnable.WaitUntil(c, static runnable => !runnable);
            Assert.True(await c.CheckPtraceStopped(tracee));
            await c.PtraceContinue(tracee);
        });
    }));

    [Fact]
    public void Touching_a_running_tracee_is_misuse() => Small.Violates("ptrace of a running task", Small.Explore(2, kernel =>
    {
        KernelTask tracee = kernel.Spawn("tracee", 0, static async c => await c.LocalStep());
        kernel.Spawn("tracer", 1, async c => await c.CheckPtraceStopped(tracee));
    }));

    [Fact]
    public void A_signal_from_an_NMI_is_misuse() => Small.Violates("signal from NMI", Small.Explore(1, kernel =>
    {
        KernelTask task = kernel.Spawn("task", 0, static async c => await c.LocalStep());
        kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c => await c.SendSignal(task, 5));
    }));
}
