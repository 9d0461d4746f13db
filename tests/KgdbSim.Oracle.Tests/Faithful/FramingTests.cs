using KgdbSim.Oracle.Tests.Fakes;

namespace KgdbSim.Oracle.Tests.Faithful;

/// <summary>get_packet and put_packet: the table "Framing" of the oracle's facts, and kernel/debug/gdbstub.c@6.1 where it is silent.</summary>
public sealed class FramingTests
{
    [Theory]
    [InlineData("$qC#00", "-")]
    [InlineData("$qC#b4", "+$QC41#f9")]
    [InlineData("$qC#B4", "+$QC41#f9")]
    [InlineData("$qC#zz", "-")]
    [InlineData("$qC#b", "")]
    [InlineData("qC#b4", "")]
    [InlineData("++--garbage\u0003", "")]
    [InlineData("$$qC#b4", "-")]
    [InlineData("$$qC#d8", "+$#00")]
    [InlineData("$qC$qC#b4", "-")]
    [InlineData("$qC\0#b4", "+$QC41#f9")]
    [InlineData("$#00", "+$#00")]
    [InlineData("$#01", "-")]
    [InlineData("$q}\u0003#f1", "+$#00")]
    [InlineData("$qC#b4$qC#b4", "+$QC41#f9-")]
    public void Bytes_in_bytes_out(string sent, string expected) =>
        Assert.Equal(expected, new StubBench().Raw(sent));

    [Theory]
    [InlineData("+", "")]
    [InlineData("-", "$QC41#f9")]
    [InlineData("x", "$QC41#f9")]
    [InlineData("xx", "$QC41#f9$QC41#f9")]
    [InlineData("\u0003", "")]
    [InlineData("\u0003+", "")]
    [InlineData("\u0003\u0003", "$QC41#f9")]
    [InlineData("$", "-")]
    public void Instead_of_an_acknowledgement(string sent, string expected)
    {
        var bench = new StubBench();
        bench.Raw("$qC#b4");
        Assert.Equal(expected, bench.Raw(sent));
    }

    [Theory]
    [InlineData(1022, true)]
    [InlineData(1023, false)]
    [InlineData(1024, false)]
    [InlineData(3000, false)]
    public void Overlong_packets_vanish(int length, bool answered)
    {
        var bench = new StubBench();
        Assert.Equal(answered ? "+$#00" : "", bench.Raw(StubBench.Frame(new string('Q', length))));
        Assert.Equal("+$QC41#f9", bench.Raw("+$qC#b4"));
    }

    /// <summary>xmitcsum keeps its -1 when no # came: a sum of ff is taken for right, without a +.</summary>
    [Fact]
    public void An_overlong_packet_whose_bytes_sum_to_ff_is_handled_unacknowledged()
    {
        int q = 1022 * 'Q' & 0xff;
        string payload = (char)((0xff - q) & 0xff) + new string('Q', 1022);
        Assert.Equal("$#00", new StubBench().Raw("$" + payload));
    }

    /// <summary>hex_to_bin gives -1 for what is no digit, and the two are added: zz is ef.</summary>
    [Fact]
    public void A_checksum_of_no_digits_can_be_right()
    {
        string payload = "q" + (char)(0xef - 'q');
        Assert.Equal("+$#00", new StubBench().Raw($"${payload}#zz"));
    }

    [Fact]
    public void Nothing_is_said_at_a_stop_before_the_first_packet()
    {
        var bench = new StubBench();
        Assert.Equal("", bench.Raw(""));
        Assert.False(bench.Stub.Connected);
        bench.Raw("$");
        Assert.True(bench.Stub.Connected);
    }

    [Fact]
    public void Bytes_sent_while_the_kernel_runs_wait_and_are_taken_for_the_answer_to_the_stop()
    {
        var bench = new StubBench();
        bench.Raw("$c#63");
        Assert.Equal("", bench.Raw("$qC#b4"));
        Assert.Equal(StubBench.Frame("T05thread:42;"), bench.Stop());
        Assert.Equal("-", bench.Raw(""));
        Assert.Equal("+" + StubBench.Frame("QC42"), bench.Raw("$qC#b4"));
    }
}
