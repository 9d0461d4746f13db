using System.Buffers;
using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Testing;

namespace KgdbSim.Protocol.Tests.Framing;

public sealed class PacketFramerTests
{
    private const int PayloadMax = 8;

    /// <summary>
    /// Input, and what it is, reported in order. <c>\u0003</c> is the interrupt byte; payloads are shown in
    /// hexadecimal.
    /// </summary>
    public static TheoryData<string, string> Streams { get; } = new()
    {
        { "", "" },
        { "+", "Ack " },
        { "-", "Nak " },
        { "\u0003", "Interrupt " },
        { "++-\u0003", "Ack |Ack |Nak |Interrupt " },
        { "$g#67", "Packet 67" },
        { "$#00", "Packet " },
        { "$OK#9a", "Packet 4f4b" },
        { "$OK#9A", "Packet 4f4b" },
        { "%Stop#a6", "Notification 53746f70" },
        { "+$g#67-", "Ack |Packet 67|Nak " },
        { "$g#67$c#63", "Packet 67|Packet 63" },
        { "$+-\u0003%#80", "Packet 2b2d0325" },
        { "$g#68", "BadChecksum" },
        { "$g#68$g#67", "BadChecksum|Packet 67" },
        { "$g#6x", "BadChecksumDigits|StrayBytes" },
        { "$g#$g#67", "BadChecksumDigits|Packet 67" },
        { "$g#6$g#67", "BadChecksumDigits|Packet 67" },
        { "$g#+", "BadChecksumDigits|Ack " },
        { "abc", "StrayBytes" },
        { "#00", "StrayBytes" },
        { "abc$g#67de+", "StrayBytes|Packet 67|StrayBytes|Ack " },
        { "$m12$g#67", "Truncated|Packet 67" },
        { "$$g#67", "Truncated|Packet 67" },
        { "%x$g#67", "Truncated|Packet 67" },
        { "$12345678#a4", "Packet 3132333435363738" },
        { "$123456789#dd", "Oversize" },
        { "$123456789#dd+", "Oversize|Ack " },
        { "$123456789+-\u0003abcdef#dd$g#67", "Oversize|Packet 67" },
        { "$123456789$g#67", "Oversize|Packet 67" },
        { "$123456789#$g#67", "Oversize|Packet 67" },
        { "$123456789#d$g#67", "Oversize|Packet 67" },
        { "$123456789#dx+", "Oversize|StrayBytes|Ack " },
        { "%123456789#dd%12345678#a4", "Oversize|Notification 3132333435363738" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Reports_what_is_there_however_it_is_split(string text, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        foreach (ReadOnlySequence<byte> split in SegmentedBuffer.EverySplit(bytes))
        {
            Assert.Equal(expected, string.Join('|', Frames.Read(new PacketFramer(PayloadMax), split)));
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Reports_the_same_when_bytes_arrive_one_by_one(string text, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        var framer = new PacketFramer(PayloadMax);
        var events = new List<string>();
        int consumed = 0;
        for (int end = 1; end <= bytes.Length; end++)
        {
            var input = new ReadOnlySequence<byte>(bytes, consumed, end - consumed);
            events.AddRange(Frames.Read(framer, ref input));
            consumed = end - (int)input.Length;
        }

        Assert.Equal(expected, string.Join('|', events));
    }

    [Fact]
    public void Every_prefix_of_every_packet_consumes_nothing_and_examines_everything()
    {
        foreach (PacketCase packet in PacketCase.All)
        {
            byte[] frame = Frames.Packet(packet.Payload);
            var framer = new PacketFramer(PacketFramer.DefaultPayloadMax);
            for (int length = 0; length < frame.Length; length++)
            {
                var input = new ReadOnlySequence<byte>(frame, 0, length);
                Assert.False(framer.TryRead(input, out Frame found, out var consumed, out var examined));
                Assert.Equal(FrameKind.None, found.Kind);
                Assert.Equal(0, input.Slice(0, consumed).Length);
                Assert.Equal(length, input.Slice(0, examined).Length);
            }
        }
    }

    [Fact]
    public void Every_packet_is_found_however_it_is_split()
    {
        foreach (PacketCase packet in PacketCase.All)
        {
            string expected = $"Packet {Convert.ToHexStringLower(packet.Payload)}";
            var framer = new PacketFramer(PacketFramer.DefaultPayloadMax);
            foreach (ReadOnlySequence<byte> split in SegmentedBuffer.EverySplit(Frames.Packet(packet.Payload)))
            {
                Assert.Equal([expected], Frames.Read(framer, split));
            }
        }
    }

    [Fact]
    public void A_payload_of_the_largest_size_is_taken_and_one_byte_more_is_not()
    {
        var framer = new PacketFramer(PacketFramer.DefaultPayloadMax);
        byte[] largest = new byte[PacketFramer.DefaultPayloadMax];
        byte[] frame = Frames.Packet(largest);
        byte[] oneMore = [(byte)'$', 0, .. frame.AsSpan(1), .. "$g#67"u8];
        foreach (int cut in new[] { 0, 1, 4096, largest.Length, largest.Length + 1, largest.Length + 2 })
        {
            Assert.Equal([$"Packet {Convert.ToHexStringLower(largest)}"],
                Frames.Read(framer, SegmentedBuffer.Cut(frame, cut)));
            Assert.Equal(["Oversize", "Packet 67"],
                Frames.Read(framer, SegmentedBuffer.Cut(oneMore, cut)));
        }
    }

    [Theory]
    [InlineData("", FrameError.None)]
    [InlineData("$m12", FrameError.Truncated)]
    [InlineData("$m12#", FrameError.Truncated)]
    [InlineData("$", FrameError.Truncated)]
    public void The_end_of_the_stream_inside_a_frame_has_a_name(string rest, FrameError expected)
    {
        var input = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(rest));
        Frames.Read(new PacketFramer(PayloadMax), ref input);
        Assert.Equal(expected, PacketFramer.AtEndOfStream(input));
    }

    [Fact]
    public void A_size_that_is_not_positive_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketFramer(0));
}
