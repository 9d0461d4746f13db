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

    /// <summary>
    /// gdb before 16 takes the words of a refused Z1, and of no other Z, from E.kind.text; gdb 16 offers error-message+; LLDB, which
    /// offers neither that nor hwbreak+, takes numbers alone.
    /// </summary>
    [Theory]
    [InlineData(GdbFeatures.HardwareBreak, "E.hbreak.all four are in use")]
    [InlineData(GdbFeatures.HardwareBreak | GdbFeatures.ErrorMessage, "E.all four are in use")]
    [InlineData(GdbFeatures.Multiprocess, "E16")]
    public void A_refused_hardware_breakpoint_has_words_wherever_they_are_shown(GdbFeatures offered, string expected)
    {
        var reply = new ReplyWriter(4) { Offered = offered };
        reply.Write("OK"u8);
        ErrorReply.WriteHardwareBreakpoint(reply, ErrorNumber.Busy, "all four are in use"u8);
        Assert.Equal(expected, Encoding.UTF8.GetString(reply.Written));
    }

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
