using System.Buffers;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Packets;

/// <summary>From the bytes of a request to the bytes of its reply nothing is allocated, whatever the packet.</summary>
public sealed class PacketAllocationTests
{
    private readonly PacketFramer _framer = new(PacketFramer.DefaultPayloadMax);
    private readonly RecordingHandlers _handlers = new(describe: false);
    private readonly ReplyWriter _reply = new(0x40000);
    private readonly ArrayBufferWriter<byte> _output = new(0x40000);

    [Fact]
    public void A_request_and_its_reply_allocate_nothing()
    {
        ReadOnlySequence<byte>[] requests = [.. PacketCase.All.SelectMany(Requests)];
        RunAll(requests);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunAll(requests);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Replies_of_the_largest_size_allocate_nothing()
    {
        byte[] memory = new byte[PacketFramer.DefaultPayloadMax / 2];
        for (int index = 0; index < memory.Length; index++)
        {
            memory[index] = (byte)(index * 7);
        }

        Reply(memory);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Reply(memory);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<ReadOnlySequence<byte>> Requests(PacketCase packet)
    {
        byte[] frame = Frames.Packet(packet.Payload);
        yield return new ReadOnlySequence<byte>(frame);
        yield return Testing.SegmentedBuffer.Cut(frame, frame.Length / 2);
    }

    private void RunAll(ReadOnlySequence<byte>[] requests)
    {
        foreach (ReadOnlySequence<byte> request in requests)
        {
            _framer.TryRead(request, out Frame frame, out _, out _);
            PacketCatalog.Dispatch(frame.Payload, _handlers, _reply);
            _output.ResetWrittenCount();
            new FrameWriter(_output, encodeRuns: true).Packet(_reply.Written);
        }
    }

    private void Reply(byte[] memory)
    {
        _output.ResetWrittenCount();
        _reply.Clear();
        _reply.WriteHex(memory);
        new FrameWriter(_output, encodeRuns: true).Packet(_reply.Written);
        _output.ResetWrittenCount();
        _reply.Clear();
        _reply.WriteBinary(memory);
        new FrameWriter(_output, encodeRuns: false).Packet(_reply.Written);
        Assert.True(_reply.Length > memory.Length);
    }
}
