using System.Text;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Text;

public sealed class ErrorReplyTests
{
    /// <summary>The numbers that kgdb and QEMU send: errno in decimal.</summary>
    [Theory]
    [InlineData(ErrorNumber.BadAddress, "E14")]
    [InlineData(ErrorNumber.Invalid, "E22")]
    [InlineData(ErrorNumber.NotFound, "E02")]
    public void Without_the_feature_errors_are_numbers(ErrorNumber number, string expected) =>
        Assert.Equal(expected, Write(GdbFeatures.Multiprocess, number, "whatever"));

    [Fact]
    public void With_the_feature_errors_are_texts() =>
        Assert.Equal("E.no memory at 0", Write(GdbFeatures.ErrorMessage, ErrorNumber.BadAddress, "no memory at 0"));

    [Fact]
    public void A_text_cannot_break_its_frame() =>
        Assert.Equal("E.a?b?c?d?e?f", Write(GdbFeatures.ErrorMessage, ErrorNumber.Invalid, "a#b$c}d*e\nf"));

    [Fact]
    public void An_error_replaces_what_was_written_before()
    {
        var reply = new ReplyWriter(4);
        reply.Write("0011"u8);
        reply.WriteError(ErrorNumber.BadAddress, "x"u8);
        Assert.Equal("E14"u8, reply.Written);
    }

    [Fact]
    public void Every_number_has_two_digits() =>
        Assert.All(
            Enum.GetValues<ErrorNumber>(),
            number => Assert.Equal(3, Write(GdbFeatures.None, number, "").Length));

    private static string Write(GdbFeatures offered, ErrorNumber number, string text)
    {
        var reply = new ReplyWriter(4) { Offered = offered };
        ErrorReply.Write(reply, number, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(reply.Written);
    }
}
