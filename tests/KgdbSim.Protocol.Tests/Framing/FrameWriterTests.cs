using System.Buffers;
using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Framing;

public sealed class FrameWriterTests
{
    [Fact]
    public void Writes_acknowledgements_packets_and_notifications()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new FrameWriter(output, encodeRuns: false);
        writer.Ack();
        writer.Nak();
        writer.Packet("OK"u8);
        writer.Packet(default);
        writer.Notification("Stop"u8);
        Assert.Equal("+-$OK#9a$#00%Stop#a6", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void The_checksum_is_that_of_the_encoded_payload()
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter(output, encodeRuns: true).Packet("0000"u8);
        Assert.Equal("$0* #7a", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    /// <summary>What a client would do: frame, expand, unescape.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_gets_back_what_was_written_however_the_output_is_chunked(bool encodeRuns) =>
        Property.Holds(300, random =>
        {
            byte[] plain = Property.Bytes(ref random, 2000);
            byte[] payload = new byte[2 * plain.Length];
            BinaryEscape.Encode(plain, payload, out _, out int length);
            var output = new ChunkedWriter(1 + (int)random.NextBelow(100));
            new FrameWriter(output, encodeRuns).Packet(payload.AsSpan(0, length));

            var framer = new PacketFramer(PacketFramer.DefaultPayloadMax);
            Assert.True(framer.TryRead(new ReadOnlySequence<byte>(output.ToArray()), out Frame frame, out _, out _));
            Assert.Equal(FrameKind.Packet, frame.Kind);
            byte[] expanded = new byte[payload.Length];
            Assert.True(RunLength.TryDecode(frame.Payload, expanded, out int expandedLength));
            byte[] back = new byte[plain.Length];
            Assert.True(BinaryEscape.TryDecode(expanded.AsSpan(0, expandedLength), back, out int backLength));
            Assert.Equal(plain, back[..backLength]);
        });

    /// <summary>Gives exactly the space asked for, up to a limit where more is not needed.</summary>
    private sealed class ChunkedWriter(int size) : IBufferWriter<byte>
    {
        private readonly List<byte> _all = [];
        private byte[] _chunk = [];

        public byte[] ToArray() => [.. _all];

        public void Advance(int count) => _all.AddRange(_chunk.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _chunk = new byte[Math.Max(sizeHint, size)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
