using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Replies;

/// <summary>GDB manual, "General Query Packets", qXfer.</summary>
public sealed class XferReplyTests
{
    [Theory]
    [InlineData(0UL, 4, "mabcd")]
    [InlineData(4UL, 4, "lef")]
    [InlineData(2UL, 4, "lcdef")]
    [InlineData(0UL, 100, "labcdef")]
    [InlineData(6UL, 4, "l")]
    [InlineData(7UL, 4, "l")]
    [InlineData(ulong.MaxValue, 4, "l")]
    public void A_window_says_whether_more_follows(ulong offset, int length, string expected)
    {
        var reply = new ReplyWriter(4);
        XferReply.Write(reply, "abcdef"u8, offset, length, 100);
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(reply.Written));
    }

    [Fact]
    public void Special_bytes_are_escaped()
    {
        var reply = new ReplyWriter(4);
        XferReply.Write(reply, "#$}*"u8, 0, 4, 100);
        Assert.Equal("6c7d037d047d5d7d0a", Convert.ToHexStringLower(reply.Written));
    }

    /// <summary>As gdb reads: as many windows as it takes, each asked for where the last one ended.</summary>
    [Fact]
    public void Windows_put_together_are_the_document_and_never_too_long() => Property.Holds(200, random =>
    {
        byte[] document = Property.Bytes(ref random, 500);
        int payloadMax = 3 + (int)random.NextBelow(40);
        int length = 1 + (int)random.NextBelow(60);
        var read = new List<byte>();
        var reply = new ReplyWriter(4);
        do
        {
            reply.Clear();
            XferReply.Write(reply, document, (ulong)read.Count, length, payloadMax);
            Assert.InRange(reply.Length, 1, payloadMax);
            byte[] data = new byte[length];
            Assert.True(BinaryEscape.TryDecode(reply.Written[1..], data, out int count));
            read.AddRange(data[..count]);
        }
        while (reply.Written[0] == 'm');

        Assert.Equal(document, read);
    });
}
