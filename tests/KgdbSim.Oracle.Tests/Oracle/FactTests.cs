using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Oracle;

/// <summary>
/// Sessions that follow from the recorded facts and of which no recording lies here, written by hand in the recordings' format: their replies
/// are what the facts say, never what the stage gave. The headers say "from the facts, not recorded".
/// </summary>
public sealed class FactTests
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Facts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.jsonl").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_replay_is_as_the_facts_say(string name)
    {
        using StreamReader reader = File.OpenText(Path.Combine(Folder, name + ".jsonl"));
        Transcript transcript = TranscriptReader.Read(reader, name);
        Assert.StartsWith("from the facts, not recorded", transcript.Header.Scenario, StringComparison.Ordinal);

        IReadOnlyList<OracleDifference> differences = OracleRunner.Run(transcript);

        var text = new StringWriter();
        new OracleReport(text).Add(name, differences);
        Assert.True(OracleRunner.CountOpen(differences) == 0, $"scripts/oracle tests/KgdbSim.Oracle.Tests/Facts/{name}.jsonl\n{text}");
    }

    [Fact]
    public void There_are_some() => Assert.True(Names.Count >= 41, $"{Names.Count} in {Folder}");
}
