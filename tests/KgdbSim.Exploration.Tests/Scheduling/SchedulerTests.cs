using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void Drives_anything_that_can_take_steps()
    {
        World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
        Counter first = new("first", 10);
        Counter second = new("second", 5);
        world.AddRunnable(first);
        world.AddRunnable(second);
        Scheduler scheduler = new(world, new RandomPolicy(1), quantumMax: 4);
        scheduler.Begin();
        Assert.Equal(SchedulerStop.Finished, scheduler.Run(1_000));
        Assert.Equal(15, scheduler.StepCount);
        Assert.Equal((10, 5), (first.Taken, second.Taken));
    }

    /// <summary>The same answers through the one door give the same run: choices and quanta are recorded alike.</summary>
    [Fact]
    public void A_recorded_ordinary_run_repeats()
    {
        (Schedule recorded, string order) = Run(new RandomPolicy(3));
        Assert.NotEmpty(recorded.Numbers.ToArray());
        Assert.Equal((recorded, order), Run(new ReplayPolicy(recorded)));

        static (Schedule, string) Run(ISchedulePolicy policy)
        {
            List<string> order = [];
            World world = new(new WorldOptions { Mode = ExecutionMode.Inline });
            world.AddRunnable(new Counter("a", 20) { Log = order });
            world.AddRunnable(new Counter("b", 20) { Log = order });
            Scheduler scheduler = new(world, policy, quantumMax: 8);
            policy.BeginRun(0);
            scheduler.Begin();
            scheduler.Run(1_000);
            return (scheduler.RecordedSchedule(), string.Join(' ', order));
        }
    }

    [Fact]
    public void Stops_at_the_step_bound()
    {
        World world = new(new WorldOptions());
        world.AddRunnable(new Counter("endless", int.MaxValue));
        Scheduler scheduler = new(world, new RoundRobinPolicy());
        scheduler.Begin();
        Assert.Equal(SchedulerStop.StepLimit, scheduler.Run(100));
        Assert.Equal(100, scheduler.StepCount);
    }

    [Fact]
    public void Tells_a_deadlock_from_a_livelock_and_from_idleness()
    {
        Assert.Equal(SchedulerStop.Deadlock, Stop(world =>
        {
            SharedCell<int> never = world.Cell("never", 0);
            world.Spawn("waiter", async t => await never.WaitUntil(t, value => value != 0));
        }));
        Assert.Equal(SchedulerStop.Livelock, Stop(world =>
        {
            SharedCell<int> never = world.Cell("never", 0);
            world.Spawn("spinner", async t =>
            {
                while (await never.Read(t) == 0)
                {
                    await t.Relax();
                }
            });
        }));
        Assert.Equal(SchedulerStop.Finished, Stop(world =>
        {
            SharedCell<int> never = world.Cell("never", 0);
            world.Spawn("server", 0, daemon: true, async t => await never.WaitUntil(t, value => value != 0));
        }));
    }

    private static SchedulerStop Stop(Action<World> setUp)
    {
        World world = new(new WorldOptions());
        Scheduler scheduler = new(world, new RoundRobinPolicy());
        scheduler.Begin();
        world.Begin(new SeededBug("stop", setUp));
        return scheduler.Run(1_000);
    }

    private sealed class Counter(string name, int count) : IRunnable
    {
        public string Name => name;

        public int Taken { get; private set; }

        public List<string>? Log { get; init; }

        public RunnableState State => Taken == count ? RunnableState.Finished : RunnableState.Ready;

        public long Run(long stepCountMax)
        {
            long steps = Math.Min(stepCountMax, count - Taken);
            Taken += (int)steps;
            Log?.Add($"{name}{steps}");
            return steps;
        }
    }
}
