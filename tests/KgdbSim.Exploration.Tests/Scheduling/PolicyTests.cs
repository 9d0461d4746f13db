using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Scheduling;

public sealed class PolicyTests
{
    [Fact]
    public void Round_robin_takes_everyone_in_turn() =>
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2], Run(new RoundRobinPolicy(), 0, 3, 3));

    /// <remarks>Two tasks of 2 and 2 steps: 4!/(2! 2!) interleavings; three of 2: 6!/(2!)^3.</remarks>
    [Theory]
    [InlineData(2, 2, 6)]
    [InlineData(2, 3, 20)]
    [InlineData(3, 2, 90)]
    public void Exhaustive_takes_each_interleaving_once(int tasks, int steps, int expected)
    {
        ExhaustivePolicy policy = new();
        Assert.Equal(expected, AllRuns(policy, policy.Branches, tasks, steps).Count);
        Assert.False(policy.WasCutShort);
    }

    /// <remarks>
    /// Musuvathi and Qadeer 2007: with no preemptions the tasks run one after the other, in every order; the first choice and
    /// the one after a task's end are free.
    /// </remarks>
    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 6 + 18)]
    public void Preemption_bound_counts_preemptions_only(int bound, int expected)
    {
        PreemptionBoundedPolicy policy = new(bound);
        HashSet<string> runs = AllRuns(policy, policy.Branches, 3, 2);
        Assert.Equal(expected, runs.Count);
        Assert.True(policy.WasCutShort);
        Assert.All(runs, run => Assert.True(Preemptions(run, 2) <= bound, run));
    }

    [Fact]
    public void Preemption_bound_that_is_never_met_is_exhaustive()
    {
        PreemptionBoundedPolicy policy = new(10);
        Assert.Equal(90, AllRuns(policy, policy.Branches, 3, 2).Count);
        Assert.False(policy.WasCutShort);
    }

    /// <remarks>
    /// Emmi, Qadeer, Rakamaric 2011: without delays there is one run; with one delay, one more per step at which somebody else
    /// could go on.
    /// </remarks>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1 + 2 + 2)]
    public void Delay_bound_counts_delays(int bound, int expected)
    {
        DelayBoundedPolicy policy = new(bound);
        Assert.Equal(expected, AllRuns(policy, policy.Branches, 3, 2).Count);
    }

    [Fact]
    public void Random_is_a_function_of_seed_and_run()
    {
        Assert.Equal(Run(new RandomPolicy(5), 3, 3, 5), Run(new RandomPolicy(5), 3, 3, 5));
        Assert.NotEqual(Run(new RandomPolicy(5), 3, 3, 5), Run(new RandomPolicy(5), 4, 3, 5));
        Assert.NotEqual(Run(new RandomPolicy(5), 3, 3, 5), Run(new RandomPolicy(6), 3, 3, 5));
    }

    /// <remarks>
    /// Burckhardt et al. 2010: one run finds a bug of depth d with probability at least 1/(n k^(d-1)). With n = 2 tasks, k = 8
    /// steps and d = 2 that is 1/16, so of 8,000 runs at least about 500; 400 is four standard deviations below.
    /// </remarks>
    [Fact]
    public void Pct_finds_a_bug_of_depth_two_as_often_as_proved()
    {
        PctPolicy policy = new(1, 2, 8);
        int found = 0;
        for (int run = 0; run < 8_000; run++)
        {
            // Task 1 does its whole work between the third and the fourth step of task 0.
            found += Run(policy, run, 2, 4) is [0, 0, 0, 1, 1, 1, 1, 0] ? 1 : 0;
        }

        Assert.InRange(found, 400, 8_000);
    }

    [Fact]
    public void Pct_of_depth_one_never_preempts()
    {
        PctPolicy policy = new(9, 1, 6);
        for (int run = 0; run < 50; run++)
        {
            Assert.Equal(0, Preemptions(string.Join(' ', Run(policy, run, 3, 2)), 2));
        }
    }

    [Fact]
    public void Script_names_who_goes_on()
    {
        ScriptedPolicy policy = new("t1x2 t0 t1");
        Assert.Equal([1, 1, 0, 1, 2, 2, 2, 0, 0], Run(policy, 0, 3, 3));
        Assert.Null(policy.Divergence);
    }

    [Fact]
    public void Script_that_cannot_be_followed_says_where()
    {
        ScriptedPolicy policy = new("t0x4");
        Run(policy, 0, 2, 3);
        Assert.Equal("word 4 of the script is t0, who cannot go on", policy.Divergence);
    }

    [Fact]
    public void Replay_of_another_program_says_where_it_differs()
    {
        ReplayPolicy policy = new(new Schedule([0, 0, 0, 0], []));
        Run(policy, 0, 2, 3);
        Assert.Equal("at step 3 the record has t0 go on, who cannot", policy.Divergence);
    }

    private static int[] Run(ISchedulePolicy policy, long run, int tasks, int steps)
    {
        World world = new(new WorldOptions());
        Scheduler scheduler = new(world, policy);
        policy.BeginRun(run);
        scheduler.Begin();
        world.Begin(new SeededBug("steps", w => SetUp(w, tasks, steps)));
        scheduler.Run(1_000);
        return scheduler.RecordedSchedule().Choices.ToArray();
    }

    private static HashSet<string> AllRuns(ISchedulePolicy policy, BranchStack branches, int tasks, int steps)
    {
        World world = new(new WorldOptions());
        Scheduler scheduler = new(world, policy);
        SeededBug program = new("steps", w => SetUp(w, tasks, steps));
        HashSet<string> runs = [];
        for (long run = 0; policy.BeginRun(run); run++)
        {
            scheduler.Begin();
            world.Begin(program);
            Assert.Equal(SchedulerStop.Finished, scheduler.Run(1_000));
            Assert.True(branches.EndRun());
            Assert.True(runs.Add(string.Join(' ', scheduler.RecordedSchedule().Choices.ToArray())), "a run was made twice");
        }

        return runs;
    }

    private static void SetUp(World world, int tasks, int steps)
    {
        for (int i = 0; i < tasks; i++)
        {
            world.Spawn($"t{i}", async t =>
            {
                for (int step = 0; step < steps; step++)
                {
                    await t.LocalStep();
                }
            });
        }
    }

    /// <summary>Switches away from somebody who had not yet taken all of its steps.</summary>
    private static int Preemptions(string run, int steps)
    {
        string[] choices = run.Split(' ');
        int count = 0;
        for (int i = 1; i < choices.Length; i++)
        {
            bool unfinished = choices[..i].Count(choice => choice == choices[i - 1]) < steps;
            count += choices[i] != choices[i - 1] && unfinished ? 1 : 0;
        }

        return count;
    }
}
