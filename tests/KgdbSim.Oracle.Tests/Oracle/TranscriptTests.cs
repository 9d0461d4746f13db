using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Oracle;

/// <summary>Every recording that lies beside the tests, on the rebuilt stage.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(SampleTranscripts.Folder, "*.jsonl").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_replay_is_as_recorded(string name)
    {
        IReadOnlyList<OracleDifference> differences = OracleRunner.Run(SampleTranscripts.Read(name));
        var text = new StringWriter();
        new OracleReport(text).Add(name, differences);
        Assert.True(OracleRunner.CountOpen(differences) == 0, $"scripts/oracle tests/KgdbSim.Oracle.Tests/Transcripts/{name}.jsonl\n{text}");
    }

    [Fact]
    public void The_recordings_are_all_there() => Assert.Equal(26, Names.Count);
}
