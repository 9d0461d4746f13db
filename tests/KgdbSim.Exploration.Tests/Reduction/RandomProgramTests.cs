using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Exploration.Reduction;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Reduction;

/// <summary>
/// On small random programs the reduction runs exactly the Mazurkiewicz traces that brute force finds: none twice, none left
/// out, none cut off; and its parts cover them exactly once.
/// </summary>
public sealed class RandomProgramTests
{
    private const int InterleavingCountMax = 4_000;

    public static TheoryData<string, MemoryModel> Families()
    {
        TheoryData<string, MemoryModel> families = [];
        Ingredients[] kinds =
        [
            Ingredients.Accesses, Ingredients.Branches, Ingredients.Locks, Ingredients.Waits, Ingredients.Numbers,
            Ingredients.Spawns, Ingredients.Spins, Ingredients.Fences,
            Ingredients.Locks | Ingredients.Waits | Ingredients.Numbers | Ingredients.Spawns | Ingredients.Spins
                | Ingredients.Fences | Ingredients.Branches,
        ];
        foreach (Ingredients ingredients in kinds)
        {
            families.Add(ingredients.ToString(), MemoryModel.SequentiallyConsistent);
            families.Add(ingredients.ToString(), MemoryModel.TotalStoreOrder);
        }

        return families;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Two_tasks_run_each_trace_once(string family, MemoryModel memory) =>
        AssertExact(family, memory, 2, memory == MemoryModel.TotalStoreOrder ? 3 : 4, 60, 1);

    [Theory]
    [MemberData(nameof(Families))]
    public void Three_tasks_run_each_trace_once(string family, MemoryModel memory) =>
        AssertExact(family, memory, 3, memory == MemoryModel.TotalStoreOrder ? 2 : 3, 60, 1);

    [Theory]
    [MemberData(nameof(Families))]
    public void Four_tasks_run_each_trace_once(string family, MemoryModel memory) =>
        AssertExact(family, memory, 4, memory == MemoryModel.TotalStoreOrder ? 1 : 2, 40, 1);

    /// <summary>Programs on which this reduction has been wrong before.</summary>
    [Theory]
    [InlineData("Numbers, Waits", 4, 2, 5012)]
    [InlineData("Numbers, Waits", 4, 2, 5093)]
    [InlineData("Numbers, Waits", 4, 2, 5163)]
    [InlineData("Numbers", 3, 3, 17)]
    [InlineData("Spawns", 3, 3, 657)]
    [InlineData("Spawns", 3, 3, 119)]
    [InlineData("Spins", 3, 3, 180)]
    public void Once_broken_programs_run_each_trace_once(string family, int taskCount, int operationCountMax, int seed)
    {
        RandomProgram program = new((ulong)seed, taskCount, operationCountMax, Enum.Parse<Ingredients>(family));
        HashSet<string> expected = TraceOracle.TracesOf(program, new WorldOptions(), long.MaxValue)!;
        AssertTraces(program, new WorldOptions(), expected, 1);
        AssertTraces(program, new WorldOptions(), expected, 3);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Three_shards_run_each_trace_once_together(string family, MemoryModel memory) =>
        AssertExact(family, memory, 3, 2, 15, 3);

    private static void AssertExact(
        string family, MemoryModel memory, int taskCount, int operationCountMax, int programCount, int shardCount)
    {
        Ingredients ingredients = Enum.Parse<Ingredients>(family);
        WorldOptions options = new() { Memory = memory };
        int comparedCount = 0;
        for (int seed = 0; seed < programCount; seed++)
        {
            RandomProgram program = new((ulong)seed, taskCount, operationCountMax, ingredients);
            HashSet<string>? expected = TraceOracle.TracesOf(program, options, InterleavingCountMax);
            if (expected is not null)
            {
                AssertTraces(program, options, expected, shardCount);
                comparedCount++;
            }
        }

        Assert.True(comparedCount > programCount / 2, $"Only {comparedCount} of {programCount} programs were small enough.");
    }

    private static void AssertTraces(RandomProgram program, WorldOptions options, HashSet<string> expected, int shardCount)
    {
        HashSet<string> found = [];
        for (int shard = 0; shard < shardCount; shard++)
        {
            World world = new(options);
            OptimalReduction reduction = new(world, program, 1_000, new Shard(shard, shardCount));
            RunMonitor monitor = new(world, stopAtViolation: false);
            while (reduction.Begin())
            {
                RunOutcome outcome = reduction.Run(monitor);
                Assert.True(outcome.Kind != RunKind.TooLong && (outcome.Kind != RunKind.Redundant || shardCount > 1),
                    $"{outcome.Kind} run in {program}");
                if (outcome.Kind == RunKind.Complete)
                {
                    string trace = TraceOracle.TextOf(reduction.Log.Events, world);
                    Assert.True(found.Add(trace), $"run twice: {trace}\nin {program}");
                    Assert.True(expected.Contains(trace), $"not found by brute force: {trace}\nin {program}");
                }
            }
        }

        Assert.True(found.Count == expected.Count, $"{found.Count} traces instead of {expected.Count} in {program}");
    }
}
