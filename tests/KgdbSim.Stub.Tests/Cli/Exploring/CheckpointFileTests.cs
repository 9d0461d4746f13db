using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>Whatever is wrong with a checkpoint is named, and the file stays as it is.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private static readonly ExplorationOptions Options = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("kgdbsim-checkpoint").FullName;
    private readonly ScenarioCase _bad = TestScenario.LostIncrement("XS-90").Bad;
    private readonly ScenarioCase _fixed = TestScenario.LostIncrement("XS-90").Fixed;

    private string Good => Path.Combine(_folder, "good");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_variant_goes_on_from_its_own_record()
    {
        Write();
        CheckpointFile file = CheckpointFile.Open(Good, [(_bad, Options), (_fixed, Options)]);
        Assert.Equal(Verdict.Violated, file.Find(_bad)!.Value.Run.Report().Verdict);
        Assert.Equal((Verdict.Exhausted, 2.5), (file.Find(_fixed)!.Value.Run.Report().Verdict, file.Find(_fixed)!.Value.Seconds));
        Assert.Null(file.Find(TestScenario.LostIncrement("XS-91").Bad));
    }

    [Fact]
    public void Any_damage_is_named_and_nothing_is_overwritten()
    {
        Write();
        byte[] whole = File.ReadAllBytes(Good);
        for (int i = 0; i < whole.Length; i += 7)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 4;
            AssertRefused(damaged, "checkpoint", $"byte {i}");
        }

        for (int length = 0; length < whole.Length - 1; length += 13)
        {
            AssertRefused(whole[..length], "checkpoint", $"cut after {length} bytes");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("these are my notes\n")]
    [InlineData("[1, 2, 3]")]
    public void Another_file_is_not_touched(string content) =>
        AssertRefused(System.Text.Encoding.UTF8.GetBytes(content), "is no checkpoint", content);

    [Fact]
    public void Results_are_no_checkpoint() => AssertRefused(RecordFile.Results.Write([]), "is no checkpoint", "a result file");

    [Fact]
    public void One_of_other_options_is_refused()
    {
        Write();
        UsageException refused = Assert.Throws<UsageException>(() => CheckpointFile.Open(
            Good, [(_bad, Options with { Strategy = Strategy.Random }), (_fixed, Options)]));
        Assert.Contains("The checkpoint was made with", refused.Message);
    }

    [Fact]
    public void One_of_another_program_is_refused()
    {
        Write();
        UsageException refused = Assert.Throws<UsageException>(() => CheckpointFile.Open(Good, [(_bad, Options)]));
        Assert.Contains("is a checkpoint of XS-90/fixed", refused.Message);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_before_the_work() => Assert.Contains(
        "there is no folder",
        Assert.Throws<UsageException>(() => CheckpointFile.Open(Path.Combine(_folder, "no", "file"), [(_bad, Options)])).Message);

    private void Write()
    {
        CheckpointFile file = CheckpointFile.Open(Good, [(_bad, Options), (_fixed, Options)]);
        foreach (ScenarioCase which in (ScenarioCase[])[_bad, _fixed])
        {
            ExplorationRun run = new(which.Program, Options);
            run.Advance(1000);
            file.Save(which, run, 2.5);
        }
    }

    private void AssertRefused(byte[] content, string complaint, string what)
    {
        string path = Path.Combine(_folder, "refused");
        File.WriteAllBytes(path, content);
        UsageException? refused = null;
        try
        {
            CheckpointFile.Open(path, [(_bad, Options), (_fixed, Options)]);
        }
        catch (UsageException named)
        {
            refused = named;
        }

        Assert.True(refused is not null, $"accepted: {what}");
        Assert.Contains(complaint, refused.Message);
        Assert.Equal(content, File.ReadAllBytes(path));
    }
}
