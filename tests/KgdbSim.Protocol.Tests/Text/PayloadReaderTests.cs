using System.Text;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Text;

public sealed class PayloadReaderTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("1F", 0x1fUL)]
    [InlineData("ffffffffffffffff", ulong.MaxValue)]
    [InlineData("000000000000000000000000001", 1UL)]
    public void Numbers_take_up_to_64_bits(string text, ulong expected)
    {
        var reader = new PayloadReader(Encoding.ASCII.GetBytes(text));
        Assert.True(reader.TryNumber(out ulong value));
        Assert.Equal(expected, value);
        Assert.True(reader.TryEnd());
    }

    [Theory]
    [InlineData("", PacketError.MissingNumber)]
    [InlineData("x1", PacketError.MissingNumber)]
    [InlineData("-1", PacketError.MissingNumber)]
    [InlineData("10000000000000000", PacketError.NumberTooLarge)]
    public void What_is_no_number_has_a_reason(string text, PacketError expected)
    {
        var reader = new PayloadReader(Encoding.ASCII.GetBytes(text));
        Assert.False(reader.TryNumber(out ulong _));
        Assert.Equal(expected, reader.Error);
    }

    [Fact]
    public void A_number_ends_at_the_first_other_character()
    {
        var reader = new PayloadReader("12,34"u8);
        Assert.True(reader.TryNumber(out int first));
        Assert.True(reader.TrySkip((byte)','));
        Assert.True(reader.TryNumber(out int second));
        Assert.Equal((0x12, 0x34), (first, second));
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("-1", 0, -1)]
    [InlineData("2", 0, 2)]
    [InlineData("p1.2", 1, 2)]
    [InlineData("p1", 1, -1)]
    [InlineData("p1.-1", 1, -1)]
    [InlineData("p-1.-1", -1, -1)]
    [InlineData("p0.0", 0, 0)]
    [InlineData("p7fffffff.7fffffff", int.MaxValue, int.MaxValue)]
    [InlineData("fffffffe", 0, -2)]
    [InlineData("-2", 0, -2)]
    [InlineData("p1.-7fffffff", 1, -int.MaxValue)]
    public void Thread_ids_are_read(string text, int process, int thread)
    {
        var reader = new PayloadReader(Encoding.ASCII.GetBytes(text));
        Assert.True(reader.TryThreadId(out ThreadId id));
        Assert.Equal(new ThreadId(process, thread), id);
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("p1.")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("-80000000")]
    [InlineData("x")]
    [InlineData("100000000")]
    public void What_is_no_thread_id_has_a_reason(string text)
    {
        var reader = new PayloadReader(Encoding.ASCII.GetBytes(text));
        Assert.False(reader.TryThreadId(out _));
        Assert.Equal(PacketError.BadThreadId, reader.Error);
    }

    [Fact]
    public void Thread_ids_written_are_read_back() => Property.Holds(200, random =>
    {
        var id = new ThreadId(1 + (int)random.NextBelow(1000), (int)random.NextBelow(1000) - 500);
        var reply = new ReplyWriter(8) { Offered = GdbFeatures.Multiprocess };
        reply.WriteThread(id);
        var reader = new PayloadReader(reply.Written);
        Assert.True(reader.TryThreadId(out ThreadId back));
        Assert.Equal(id, back);
    });

    [Fact]
    public void Fields_end_at_a_separator_or_the_end()
    {
        var reader = new PayloadReader("a;;b"u8);
        Assert.Equal("a"u8, reader.TakeUntil((byte)';'));
        Assert.Equal(""u8, reader.TakeUntil((byte)';'));
        Assert.Equal("b"u8, reader.TakeUntil((byte)';'));
        Assert.Equal(""u8, reader.TakeUntil((byte)';'));
        Assert.False(reader.TryByte(out _));
        Assert.False(reader.TryTake(1, out _));
    }
}
