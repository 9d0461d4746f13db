using System.Buffers;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Testing;

namespace KgdbSim.Protocol.Tests.Properties;

/// <summary>Whatever arrives, it has a name, nothing throws, and the next proper packet is understood.</summary>
public sealed class NoiseTests
{
    private const int NoiseLength = 64 * 1024;
    private const int PayloadMax = 300;

    [Fact]
    public void After_64_KiB_of_noise_a_packet_is_understood() => Property.Holds(20, random =>
    {
        byte[] stream = [.. Property.Noise(ref random, NoiseLength), .. "$g#67"u8];
        List<string> events = Frames.Read(new PacketFramer(PayloadMax), new ReadOnlySequence<byte>(stream));
        Assert.Equal("Packet 67", events[^1]);
        Assert.True(events.Count > 10);
    });

    [Fact]
    public void Noise_is_read_the_same_however_it_arrives() => Property.Holds(30, random =>
    {
        byte[] noise = Property.Bytes(ref random, 3000);
        List<string> whole = Frames.Read(new PacketFramer(PayloadMax), new ReadOnlySequence<byte>(noise));

        var framer = new PacketFramer(PayloadMax);
        var inPieces = new List<string>();
        int consumed = 0;
        for (int end = 0; end < noise.Length;)
        {
            end = Math.Min(noise.Length, end + 1 + (int)random.NextBelow(50));
            int cut = consumed + (int)random.NextBelow((ulong)(end - consumed) + 1);
            ReadOnlySequence<byte> input = SegmentedBuffer.Of(noise.AsMemory(consumed..cut), noise.AsMemory(cut..end));
            inPieces.AddRange(Frames.Read(framer, ref input));
            consumed = end - (int)input.Length;
        }

        Assert.Equal(whole, inPieces);
    });

    [Fact]
    public void Damaged_packets_never_throw_and_always_have_an_outcome() => Property.Holds(200, random =>
    {
        var handlers = new RecordingHandlers(describe: true);
        var reply = new ReplyWriter(64);
        foreach (PacketCase packet in PacketCase.All.Where(packet => packet.Payload.Length > 0))
        {
            byte[] damaged = [.. packet.Payload];
            damaged[random.NextBelow((ulong)damaged.Length)] = (byte)random.NextUInt64();
            damaged = damaged[..(1 + (int)random.NextBelow((ulong)damaged.Length))];
            DispatchResult result = PacketCatalog.Dispatch(damaged, handlers, reply);
            Assert.Equal(result.Outcome == DispatchOutcome.Malformed, reply.Written.StartsWith("E"u8));
        }
    });

    [Fact]
    public void Every_prefix_of_every_payload_has_an_outcome()
    {
        var handlers = new RecordingHandlers(describe: true);
        var reply = new ReplyWriter(64);
        foreach (PacketCase packet in PacketCase.All)
        {
            for (int length = 0; length < packet.Payload.Length; length++)
            {
                int before = handlers.Count;
                DispatchResult result = PacketCatalog.Dispatch(packet.Payload.AsSpan(0, length), handlers, reply);
                Assert.Equal(result.Outcome == DispatchOutcome.Handled ? 1 : 0, handlers.Count - before);
            }
        }
    }
}
