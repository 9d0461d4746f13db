using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Replies;

public sealed class ReplyWriterTests
{
    private readonly ReplyWriter _reply = new(1);

    [Fact]
    public void Writes_every_form_the_protocol_has()
    {
        _reply.Write((byte)'Q');
        _reply.Write("C"u8);
        _reply.WriteNumber(0x1f);
        _reply.WriteDecimal(31);
        _reply.WriteHexByte(0x0a);
        _reply.WriteHex([0x12, 0xab]);
        _reply.WriteHexText("aä");
        _reply.WriteUnavailable(2);
        _reply.WriteBinary("a#"u8);
        Assert.Equal("QC1f310a12ab61c3a4xxxxa}\u0003", Encoding.ASCII.GetString(_reply.Written));
    }

    [Fact]
    public void Thread_ids_have_the_negotiated_form()
    {
        _reply.WriteThread(new ThreadId(1, 31));
        _reply.Write(","u8);
        _reply.Offered = GdbFeatures.Multiprocess;
        _reply.WriteThread(new ThreadId(1, 31));
        _reply.WriteThread(new ThreadId(1, ThreadId.All));
        Assert.Equal("1f,p1.1fp1.-1", Encoding.ASCII.GetString(_reply.Written));
    }

    [Fact]
    public void What_was_written_can_be_taken_back()
    {
        _reply.Write("abc"u8);
        _reply.Truncate(1);
        Assert.Equal("a"u8, _reply.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => _reply.Truncate(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _reply.Truncate(-1));
        _reply.Clear();
        Assert.Equal(0, _reply.Length);
    }

    [Fact]
    public void Is_a_buffer_writer_that_grows()
    {
        "abc"u8.CopyTo(_reply.GetSpan(300));
        _reply.Advance(3);
        "def"u8.CopyTo(_reply.GetMemory(3).Span);
        _reply.Advance(3);
        Assert.Equal("abcdef"u8, _reply.Written);
        Assert.True(_reply.GetSpan().Length > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => _reply.Advance(100_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => _reply.Advance(-1));
    }

    [Fact]
    public void Binary_data_is_escaped_whatever_the_room() => Property.Holds(100, random =>
    {
        byte[] data = Property.Bytes(ref random, 500);
        var reply = new ReplyWriter(1);
        reply.WriteBinary(data);
        byte[] expected = new byte[2 * data.Length];
        BinaryEscape.Encode(data, expected, out _, out int length);
        Assert.Equal(expected[..length], reply.Written.ToArray());
    });
}
