using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Testing;

namespace KgdbSim.Stub.Tests;

/// <summary>
/// Conversations with real gdb, recorded as <c>kgdbsim serve --trace</c> does, and played again: what gdb sends is what a
/// session must understand, and what was answered, to gdb's satisfaction, is answered again.
/// </summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Recorded { get; } = new(
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Transcripts"), "*.txt").Select(file => Path.GetFileName(file)));

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_conversation_goes_the_same_way_again(string file)
    {
        Transcript transcript = Transcript.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transcripts", file)));
        SessionDriver gdb = new(new MachineControl(FakeGuests.Recorded()), noAck: false);
        Assert.NotEmpty(transcript.Exchanges);
        foreach (Exchange exchange in transcript.Exchanges)
        {
            string[] replies = gdb.AskAll(exchange.Request, slices: 100);
            string[] expected = [.. exchange.Replies.Select(Comparable)];
            Assert.True(
                expected.SequenceEqual(replies.Select(Comparable)),
                $"{file} line {exchange.Line}: '{exchange.Request}'\nrecorded: {string.Join(" | ", expected)}\nnow: {string.Join(" | ", replies)}");
        }

        Assert.Equal(SessionDemand.Close, gdb.Session.Demand);
    }

    [Fact]
    public void A_transcript_is_read_line_by_line()
    {
        Transcript transcript = Transcript.Parse("* 127.0.0.1:1 connected\n> qC\n< QC1\n> X10,1:\\x00\\x5c\n< OK\n* Ctrl-C\n< O41\n< T02\n");
        Assert.Equal(["qC", "X10,1:\0\\", "\x03"], transcript.Exchanges.Select(exchange => exchange.Request));
        Assert.Equal(["O41", "T02"], transcript.Exchanges[2].Replies);
        Assert.Throws<FormatException>(() => Transcript.Parse("< OK\n"));
        Assert.Throws<FormatException>(() => Transcript.Parse("what?\n"));
    }

    /// <summary>Lists of features and registers may grow: of those it is enough that they are still told.</summary>
    private static string Comparable(string reply)
    {
        bool document = reply.Length > 500 && reply[0] is ('m' or 'l');
        bool grows = document || reply.StartsWith("PacketSize=", StringComparison.Ordinal);
        return grows ? reply[..1] : reply;
    }
}
