using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Packets;

/// <summary>Every line of <c>Corpora/packets.txt</c>, as the dispatcher sees it.</summary>
public sealed class PacketCorpusTests
{
    public static TheoryData<string> Lines { get; } = [.. PacketCase.All.Select(packet => packet.Line)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_payload_becomes_what_its_line_says(string line)
    {
        PacketCase packet = PacketCase.All.First(candidate => candidate.Line == line);
        var handlers = new RecordingHandlers(describe: true);
        var reply = new ReplyWriter(16);
        DispatchResult result = PacketCatalog.Dispatch(packet.Payload, handlers, reply);
        string got = result.Outcome switch
        {
            DispatchOutcome.Handled => handlers.Last,
            DispatchOutcome.Malformed => $"{TypeOf(result)} {result.Error}",
            _ => "-",
        };
        Assert.Equal((packet.Verdict, $"{packet.PacketType} {packet.Expected}".TrimEnd()), (Verdict(result), got));
        Assert.Equal(Answer.Now, result.Answer);
    }

    [Fact]
    public void An_unknown_packet_is_answered_by_nothing_and_reaches_no_handler()
    {
        var reply = new ReplyWriter(16);
        reply.WriteOk();
        var handlers = new RecordingHandlers(describe: true);
        foreach (PacketCase packet in PacketCase.All.Where(packet => packet.Verdict == PacketVerdict.Unknown))
        {
            PacketCatalog.Dispatch(packet.Payload, handlers, reply);
            Assert.Equal(0, reply.Length);
        }

        Assert.Equal(0, handlers.Count);
    }

    [Theory]
    [InlineData(GdbFeatures.None, "E22")]
    [InlineData(GdbFeatures.ErrorMessage, "E.malformed packet m: unexpected or missing separator")]
    public void A_malformed_packet_is_answered_by_an_error_in_the_negotiated_form(GdbFeatures offered, string expected)
    {
        var reply = new ReplyWriter(16) { Offered = offered };
        DispatchResult result = PacketCatalog.Dispatch("m10"u8, new RecordingHandlers(describe: true), reply);
        Assert.Equal(DispatchOutcome.Malformed, result.Outcome);
        Assert.Equal(expected, Encoding.UTF8.GetString(reply.Written));
    }

    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        var texts = new Dictionary<string, string>();
        foreach (PacketCase packet in PacketCase.All.Where(packet => packet.Verdict == PacketVerdict.Malformed))
        {
            var reply = new ReplyWriter(16) { Offered = GdbFeatures.ErrorMessage };
            DispatchResult result = PacketCatalog.Dispatch(packet.Payload, new RecordingHandlers(true), reply);
            string text = Encoding.UTF8.GetString(reply.Written).Split(": ", 2)[1];
            Assert.Equal(text, texts.TryGetValue(result.Error.ToString(), out string? known) ? known : text);
            texts[result.Error.ToString()] = text;
        }

        Assert.Equal(texts.Count, texts.Values.Distinct().Count());
    }

    private static PacketVerdict Verdict(DispatchResult result) => result.Outcome switch
    {
        DispatchOutcome.Handled => PacketVerdict.Parses,
        DispatchOutcome.Malformed => PacketVerdict.Malformed,
        _ => PacketVerdict.Unknown,
    };

    private static string TypeOf(DispatchResult result) =>
        PacketCatalog.Rows.Single(row => row.Info == result.Packet).PacketType.Name;
}
