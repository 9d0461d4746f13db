using System.Text;
using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>An exploration saved and gone on with, over and over, ends like one that was never interrupted.</summary>
public sealed class CheckpointTests
{
    public static TheoryData<int, Strategy, MemoryModel, int> Interruptions()
    {
        TheoryData<int, Strategy, MemoryModel, int> data = [];
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
        {
            foreach (int shardCount in new[] { 1, 2 })
            {
                data.Add(3, strategy, MemoryModel.SequentiallyConsistent, shardCount);
                data.Add(2, strategy, MemoryModel.TotalStoreOrder, shardCount);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void Going_on_equals_never_stopping(int taskCount, Strategy strategy, MemoryModel memory, int shardCount)
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            RandomProgram program = new(seed, taskCount, 2, (Ingredients)127);
            ExplorationOptions options = new()
            {
                Strategy = strategy,
                Memory = memory,
                ExecutionCountMax = strategy is Strategy.Random or Strategy.Pct ? 60 : 3_000,
                StopAtFirstViolation = false,
                Shard = new Shard(shardCount - 1, shardCount),
            };
            ExplorationRun uninterrupted = new(program, options);
            uninterrupted.Advance(long.MaxValue);

            ExplorationRun run = new(new RandomProgram(seed, taskCount, 2, (Ingredients)127), options);
            int stops = 0;
            while (run.Advance(1 + (stops % 5)) && stops++ < 200)
            {
                byte[] saved = run.Save();
                run = ExplorationRun.Resume(new RandomProgram(seed, taskCount, 2, (Ingredients)127), options, saved);
            }

            run.Advance(long.MaxValue);
            AssertSame(uninterrupted.Report(), run.Report(), program);
        }
    }

    [Fact]
    public void Lastzero_saved_in_the_middle_still_has_the_published_count()
    {
        ExplorationRun run = new(new LastZeroProgram(10), new ExplorationOptions());
        Assert.True(run.Advance(1_234));
        Assert.InRange(run.Progress.FractionDone, 0.0, 1.0);
        Assert.NotEqual(0, run.Progress.FrontierCount);
        run = ExplorationRun.Resume(new LastZeroProgram(10), new ExplorationOptions(), run.Save());
        Assert.False(run.Advance(long.MaxValue));
        Assert.Equal((3328, Verdict.Exhausted), (run.Report().ExecutionCount, run.Report().Verdict));
    }

    [Fact]
    public void A_finished_exploration_stays_finished()
    {
        ExplorationRun run = new(new ReadersProgram(2), new ExplorationOptions());
        Assert.False(run.Advance(long.MaxValue));
        run = ExplorationRun.Resume(new ReadersProgram(2), new ExplorationOptions(), run.Save());
        Assert.True(run.IsOver);
        Assert.Equal(4, run.Report().ExecutionCount);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_whatever_byte_it_is()
    {
        byte[] saved = SavedInTheMiddle();
        for (int i = 0; i < saved.Length; i++)
        {
            byte[] damaged = [.. saved];
            damaged[i] ^= 4;
            Assert.Throws<CheckpointException>(
                () => ExplorationRun.Resume(new LastZeroProgram(3), new ExplorationOptions(), damaged));
        }
    }

    [Fact]
    public void A_checkpoint_of_something_else_is_refused_by_name()
    {
        byte[] saved = SavedInTheMiddle();
        Assert.Contains("program 'lastzero/3'", Refusal(new LastZeroProgram(4), new ExplorationOptions(), saved),
            StringComparison.Ordinal);
        Assert.Contains("Exhaustive",
            Refusal(new LastZeroProgram(3), new ExplorationOptions { Strategy = Strategy.Exhaustive }, saved),
            StringComparison.Ordinal);
        Assert.Contains("shard 2/3",
            Refusal(new LastZeroProgram(3), new ExplorationOptions { Shard = new Shard(1, 3) }, saved),
            StringComparison.Ordinal);
        byte[] result = ResultFile.Write(new ExplorationRun(new LastZeroProgram(3), new ExplorationOptions()).Report());
        Assert.Contains("no checkpoint", Refusal(new LastZeroProgram(3), new ExplorationOptions(), result),
            StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(new LastZeroProgram(3), new ExplorationOptions(), Encoding.UTF8.GetBytes("{}")),
            StringComparison.Ordinal);
    }

    private static string Refusal(IProgram program, ExplorationOptions options, byte[] saved) =>
        Assert.Throws<CheckpointException>(() => ExplorationRun.Resume(program, options, saved)).Message;

    private static byte[] SavedInTheMiddle()
    {
        ExplorationRun run = new(new LastZeroProgram(3), new ExplorationOptions());
        run.Advance(5);
        return run.Save();
    }

    private static void AssertSame(ExplorationReport expected, ExplorationReport actual, RandomProgram program)
    {
        Assert.True(expected.ExecutionCount == actual.ExecutionCount, $"{expected}\n{actual}\n{program}");
        Assert.Equal(expected.Outcomes, actual.Outcomes);
        Assert.Equal(expected.Counterexamples, actual.Counterexamples);
        Assert.Equal(
            (expected.Verdict, expected.StepCount, expected.RedundantCount, expected.LongestRun, expected.IsFinished),
            (actual.Verdict, actual.StepCount, actual.RedundantCount, actual.LongestRun, actual.IsFinished));
    }
}
