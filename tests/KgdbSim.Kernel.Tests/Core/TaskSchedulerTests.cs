using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Core;

/// <summary>Who gets a CPU, and where a task goes on.</summary>
public sealed class TaskSchedulerTests
{
    [Fact]
    public void A_task_may_go_on_on_another_CPU_after_a_preemption()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            SharedCell<int> cpus = kernel.World.Cell("cpus", 0);
            kernel.AddScheduler(0, 1);
            kernel.AddScheduler(1, 0);
            kernel.Spawn("task", 0, async c =>
            {
                await c.LocalStep();
                int first = c.Home.Number;
                await c.LocalStep();
                await cpus.Write(c, (10 * first) + c.Home.Number);
            }).AllowedCpus = 3;
            kernel.Spawn("other", 0, static async c => await c.LocalStep());
            kernel.World.Outcome(o => o.Add("cpus", cpus.Value));
        });

        Small.Holds(report);
        Assert.Equal(["cpus=0", "cpus=1", "cpus=11"], report.OutcomeSet);
    }

    [Fact]
    public void A_task_runs_on_one_CPU_at_a_time()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            SharedCell<int> inside = kernel.World.Cell("inside", 0);
            kernel.AddScheduler(0, 1);
            kernel.AddScheduler(1, 1);
            kernel.Spawn("task", 0, async c =>
            {
                for (int i = 0; i < 2; i++)
                {
                    await inside.Write(c, (await inside.Read(c)) + 1);
                }
            }).AllowedCpus = 3;
            kernel.Spawn("other", 0, static async c => await c.LocalStep());
            kernel.World.Outcome(o => o.Add("inside", inside.Value));
        });

        Small.Holds(report);
        Assert.Equal(["inside=2"], report.OutcomeSet);
    }

    [Fact]
    public void A_task_that_may_no_longer_run_here_moves_at_once()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            SharedCell<int> cpu = kernel.World.Cell("cpu", -1);
            kernel.AddScheduler(0, 0);
            kernel.AddScheduler(1, 0);
            kernel.Spawn("task", 0, async c =>
            {
                await c.SetAllowedCpus(2);
                await cpu.Write(c, c.Home.Number);
            });
            kernel.World.Outcome(o => o.Add("cpu", cpu.Value));
        });

        Small.Holds(report);
        Assert.Equal(["cpu=1"], report.OutcomeSet);
    }

    [Theory]
    [InlineData(true, new[] { "seen=1" })]
    [InlineData(false, new[] { "seen=2" })]
    public void A_reschedule_that_is_due_happens_when_preemption_is_enabled(bool reschedules, string[] expected)
    {
        ExplorationReport report = Small.Explore(1, kernel =>
        {
            SharedCell<int> x = kernel.World.Cell("x", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            Target.Kernel.Core.TaskScheduler scheduler = kernel.AddScheduler(0, 0);
            kernel.Spawn("task", 0, async c =>
            {
                await c.PreemptDisable();
                await x.Write(c, 1);
                await scheduler.ReschedDue.Write(c, true);
                if (reschedules)
                {
                    await c.PreemptEnableAndReschedule();
                    await c.SleepUntil(seen, static value => value >= 0, "wait_event");
                }
                else
                {
                    await c.PreemptEnable();
                }

                await x.Write(c, 2);
            });
            kernel.Spawn("woken", 0, async c => await seen.Write(c, await x.Read(c)));
            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Small.Holds(report);
        Assert.Equal(expected, report.OutcomeSet);
    }
}
