using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>The parts of a divided exploration cover it exactly once, and the parts' files merge into the whole.</summary>
public sealed class ShardTests
{
    public static TheoryData<string, Strategy, int> Divisions()
    {
        TheoryData<string, Strategy, int> data = [];
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
        {
            foreach (int count in new[] { 2, 3, 7, 64 })
            {
                data.Add("lastzero", strategy, count);
                data.Add("litmus", strategy, count);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Divisions))]
    public void Parts_make_up_the_whole(string kind, Strategy strategy, int count)
    {
        (IProgram program, ExplorationOptions options) = Setting(kind, strategy);
        ExplorationReport whole = Explorer.Explore(program, options);
        ExplorationReport[] parts = [.. Enumerable.Range(0, count)
            .Select(index => Explorer.Explore(program, options with { Shard = new Shard(index, count) }))];
        ExplorationReport merged = ResultFile.Merge([.. parts.Select(part => ResultFile.Read(ResultFile.Write(part)))]);
        Assert.Equal(whole.Verdict, merged.Verdict);
        Assert.Equal(whole.ExecutionCount, merged.ExecutionCount);
        Assert.Equal(whole.Outcomes, merged.Outcomes);
        Assert.Equal(whole.Options, merged.Options);
        Assert.Equal(Shard.Whole, merged.Shard);
    }

    /// <summary>Tasks that conflict a lot, as those worth dividing do.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(19)]
    [InlineData(59)]
    public void A_larger_tree_is_divided_about_evenly_and_without_much_waste(ulong seed)
    {
        RandomProgram program = new(seed, 3, 7, Ingredients.Accesses);
        long whole = Explorer.CheckOptimal(program).ExecutionCount;
        ExplorationReport[] parts = [.. Enumerable.Range(0, 4).Select(index =>
            Explorer.Check(program, new ExplorationOptions { Shard = new Shard(index, 4) }))];
        Assert.Equal(whole, parts.Sum(part => part.ExecutionCount));
        Assert.All(parts, part => Assert.InRange(part.ExecutionCount, whole / 8, whole / 2));
        Assert.InRange(parts.Sum(part => part.RedundantCount), 0, whole / 10);
    }

    /// <summary>Many tasks that hardly conflict are divided just as exactly, if less evenly.</summary>
    [Fact]
    public void Lastzero_in_parts_has_the_published_count() => Assert.Equal(3328, Enumerable.Range(0, 4)
        .Sum(index => Explorer.Check(new LastZeroProgram(10), new ExplorationOptions { Shard = new Shard(index, 4) }).ExecutionCount));

    [Theory]
    [InlineData(ResultFileError.NothingToMerge)]
    [InlineData(ResultFileError.MissingShards)]
    [InlineData(ResultFileError.OverlappingShards)]
    [InlineData(ResultFileError.DifferentPrograms)]
    [InlineData(ResultFileError.DifferentOptions)]
    public void Parts_that_do_not_fit_are_refused_by_name(ResultFileError error)
    {
        ExplorationReport first = Explorer.Explore(new ReadersProgram(2), new ExplorationOptions { Shard = new Shard(0, 2) });
        ExplorationReport second = first with { Shard = new Shard(1, 2) };
        IReadOnlyList<ExplorationReport> parts = error switch
        {
            ResultFileError.NothingToMerge => [],
            ResultFileError.MissingShards => [second],
            ResultFileError.OverlappingShards => [first, second, first],
            ResultFileError.DifferentPrograms => [first, second with { Program = "other" }],
            _ => [first, second with { Options = "others" }],
        };
        Assert.Equal(error, Assert.Throws<ResultFileException>(() => ResultFile.Merge(parts)).Error);
    }

    [Fact]
    public void A_damaged_file_is_noticed_whatever_byte_it_is()
    {
        byte[] text = ResultFile.Write(Explorer.Explore(new ReadersProgram(2), new ExplorationOptions()));
        for (int i = 0; i < text.Length; i++)
        {
            byte[] damaged = [.. text];
            damaged[i] ^= 1;
            ResultFileException refused = Assert.Throws<ResultFileException>(() => ResultFile.Read(damaged));
            Assert.Equal(ResultFileError.Damaged, refused.Error);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    public void There_is_no_such_shard(int index, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(index, count));

    private static (IProgram Program, ExplorationOptions Options) Setting(string kind, Strategy strategy)
    {
        ExplorationOptions options = new()
        {
            Strategy = strategy, ExecutionCountMax = strategy is Strategy.Random or Strategy.Pct ? 500 : null, Seed = 4,
        };
        return kind == "lastzero"
            ? (new LastZeroProgram(3), options)
            : (new LitmusProgram("SB", "x=1; r1=y | y=1; r2=x"), options with { Memory = MemoryModel.TotalStoreOrder });
    }
}
