using KgdbSim.Oracle.Tests.Fakes;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Faithful;

/// <summary>Recorded sessions in which the kernel stays stopped, against the stub alone.</summary>
public sealed class PacketTranscriptTests
{
    [Theory]
    [InlineData("framing")]
    [InlineData("handshake")]
    [InlineData("regs_raw")]
    [InlineData("mem_raw")]
    [InlineData("hw_args")]
    public void Replies_are_as_recorded(string name)
    {
        Transcript transcript = SampleTranscripts.Read(name);
        var layout = new StageLayout(transcript.Header);

        IReadOnlyList<OracleDifference> differences = new OracleReplay(transcript, layout, new PacketStage(layout)).Run();

        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20).Select(d => $"tests/.../{name}.jsonl:{d}")));
    }
}
