using System.Text;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Replies;

/// <summary>GDB manual, "Host I/O Packets" and "struct stat".</summary>
public sealed class FileReplyTests
{
    private readonly ReplyWriter _reply = new(4);

    [Fact]
    public void Results_and_failures_have_the_manuals_form()
    {
        FileReply.Write(_reply, 5);
        Assert.Equal("F5", Text());
        FileReply.WriteError(_reply, ErrorNumber.NotFound);
        Assert.Equal("F-1,2", Text());
        FileReply.WriteError(_reply, ErrorNumber.Invalid);
        Assert.Equal("F-1,16", Text());
    }

    [Fact]
    public void Data_come_as_escaped_attachment_with_their_plain_length()
    {
        FileReply.WriteData(_reply, "ELF#"u8, 100);
        Assert.Equal("F4;ELF}\u0003", Text());
        FileReply.WriteData(_reply, default, 100);
        Assert.Equal("F0;", Text());
    }

    [Fact]
    public void Data_never_exceed_the_packet() => Property.Holds(200, random =>
    {
        byte[] data = Property.Bytes(ref random, 300);
        int payloadMax = 12 + (int)random.NextBelow(100);
        var reply = new ReplyWriter(4);
        FileReply.WriteData(reply, data, payloadMax);
        Assert.InRange(reply.Length, 3, payloadMax);
    });

    [Fact]
    public void The_status_is_the_protocols_big_endian_structure()
    {
        byte[] bytes = new byte[FileStat.EncodedLength];
        new FileStat(FileStat.ReadableFile, 0x1234, 0x5678).Encode(bytes);
        Assert.Equal(
            "00000000" + "00000000" + "00008124" + "00000001" + "00000000" + "00000000" + "00000000"
            + "0000000000001234" + "0000000000000200" + "000000000000000a" + "00000000" + "00005678" + "00000000",
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Console_output_is_hexadecimal()
    {
        ConsoleOutput.Write(_reply, "hi\n"u8);
        Assert.Equal("O68690a", Text());
    }

    private string Text() => Encoding.ASCII.GetString(_reply.Written);
}
