using KgdbSim.Oracle.Tests.Fakes;

namespace KgdbSim.Oracle.Tests.Faithful;

/// <summary>The table "Packets (exact replies)" of the oracle's facts, row by row.</summary>
public sealed class ReplyTests
{
    [Theory]
    [InlineData("qSupported:multiprocess+", "")]
    [InlineData("vMustReplyEmpty", "")]
    [InlineData("QStartNoAckMode", "")]
    [InlineData("qAttached", "")]
    [InlineData("qRcmd,68656c70", "")]
    [InlineData("?", "S05")]
    [InlineData("qC", "QC41")]
    [InlineData("qCRC:ffffffff81000000,4", "QC41")]
    [InlineData("qfThreadInfo", "mfffffffe,fffffffd,fffffffc,fffffffb,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11")]
    [InlineData("qfThreadInf", "")]
    [InlineData("qThreadExtraInfo,fffffffe", "736861646f7743505530")]
    [InlineData("qThreadExtraInfo,fffffff7", "736861646f7743505537")]
    [InlineData("qThreadExtraInfo,fffffff6", "E22")]
    [InlineData("qThreadExtraInfo,7fffffff", "E22")]
    [InlineData("qThreadExtraInfo,0", "736861646f774350552d32")]
    [InlineData("qThreadExtraInfo,-1", "736861646f774350552d31")]
    [InlineData("qThreadExtraInfo,zz", "736861646f774350552d32")]
    [InlineData("qThreadExtraInfo,1", "696e6974000000000000000000000000")]
    [InlineData("T1", "OK")]
    [InlineData("T-1", "OK")]
    [InlineData("Tzz", "OK")]
    [InlineData("Tfffffffa", "OK")]
    [InlineData("Tfffffff6", "E22")]
    [InlineData("T7fff", "E22")]
    [InlineData("Hgp1.1", "OK")]
    [InlineData("Hgfffffff6", "E22")]
    [InlineData("Hc0", "OK")]
    [InlineData("Hc7fff", "E22")]
    [InlineData("Hx1", "")]
    [InlineData("H", "")]
    [InlineData("p18", "E22")]
    [InlineData("p39", "E22")]
    [InlineData("p-1", "E22")]
    [InlineData("P39=0102030405060708", "OK")]
    [InlineData("P18=00", "E22")]
    [InlineData("P-1=00", "E22")]
    [InlineData("P0", "E22")]
    [InlineData("P=1", "OK")]
    [InlineData("G", "OK")]
    [InlineData("mffffffff8125f080,0", "")]
    [InlineData("mffffffff8125f080,4junk", "9090b801")]
    [InlineData("m-7eda0f80,4", "9090b801")]
    [InlineData("m0,4", "E22")]
    [InlineData("m8000000000000000,8", "E22")]
    [InlineData("m,4", "E22")]
    [InlineData("m0xffffffff81bce000,4", "E22")]
    [InlineData("Mffffffff8125f080,1:90", "E14")]
    [InlineData("Mffffffff81843780,8:0000000000000000", "E14")]
    [InlineData("M0,4:00000000", "E14")]
    [InlineData("Mffffffff81bce000,4;00000000", "E22")]
    [InlineData("X0,0:", "OK")]
    [InlineData("X0,4:abcd", "E14")]
    [InlineData("X0,-1:", "OK")]
    [InlineData("Xffffffff81bce000:4,", "E22")]
    [InlineData("Z0,ffffffff8125f080,1;X3,aabbcc", "OK")]
    [InlineData("Z0,0,1", "E34")]
    [InlineData("Z0,ffffffffffffffff,1", "E14")]
    [InlineData("z0,ffffffff8125f080,1", "E02")]
    [InlineData("Z0,ffffffff8125f080", "E22")]
    [InlineData("Z5,ffffffff8125f080,1", "")]
    [InlineData("Z/,ffffffff8125f080,1", "")]
    [InlineData("Z1,ffffffff81bce000,-4", "OK")]
    [InlineData("Z2,ffffffff81bce000,100000001", "OK")]
    [InlineData("Z2,ffffffff81bce000,3", "E01")]
    [InlineData("Z3,ffffffff81bce000,4", "E01")]
    [InlineData("z1,,", "E22")]
    [InlineData("R1", "")]
    [InlineData("bc", "")]
    [InlineData("", "")]
    public void One_packet(string sent, string expected) => Assert.Equal(expected, new StubBench().Ask(sent));

    [Fact]
    public void The_thread_list_ends_with_an_empty_packet()
    {
        var bench = new StubBench();
        bench.Ask("qfThreadInfo");
        Assert.Equal("m12,13,14,15,16,17,18,19,1a,1b,1c,1d,1e,1f,20,21,22", bench.Ask("qsThreadInfo"));
        Assert.Equal("m23,24,25,26,27,28,29,2a,2b,2c,2d,2e,2f,30,31,32,33", bench.Ask("qsThreadInfo"));
        Assert.Equal("m34,35,36,37,38,39,3a,3b,3c,3d,3e,3f,40,41", bench.Ask("qsThreadInfo"));
        Assert.Equal("", bench.Ask("qsThreadInfo"));
    }

    [Fact]
    public void The_status_packet_removes_all_breakpoints()
    {
        var bench = new StubBench();
        bench.Ask("Z0,ffffffff8125f080,1");
        bench.Ask("Z2,ffffffff81bce000,4");
        bench.Ask("?");
        Assert.Equal("E02", bench.Ask("z0,ffffffff8125f080,1"));
        Assert.Equal("E01", bench.Ask("z2,ffffffff81bce000,4"));
    }

    [Fact]
    public void The_1001st_software_breakpoint_is_refused_and_a_freed_slot_serves_its_own_address_only()
    {
        var bench = new StubBench();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("OK", bench.Ask($"Z0,{0xffff_ffff_8100_0000 + (ulong)i:x},1"));
        }

        Assert.Equal("E07", bench.Ask("Z0,ffffffff8125f080,1"));
        bench.Ask("z0,ffffffff81000000,1");
        Assert.Equal("E07", bench.Ask("Z0,ffffffff8125f080,1"));
        Assert.Equal("OK", bench.Ask("Z0,ffffffff81000000,1"));
    }

    [Fact]
    public void Registers_without_storage_show_the_remains_of_the_last_write()
    {
        var bench = new StubBench();
        Assert.Equal("00000000", bench.Ask("p16"));
        bench.Ask("P0=" + new string('5', 320));
        Assert.Equal("55555555", bench.Ask("p16"));
        Assert.Equal("00000000", bench.Ask("p17"));
        bench.Ask("P0=00");
        Assert.Equal("00000000", bench.Ask("p16"));
    }

    [Fact]
    public void A_sleeping_task_shows_the_flags_and_segments_of_the_register_read_before()
    {
        var bench = new StubBench();
        bench.Ask("Hgfffffffe");
        bench.Ask("g");
        bench.Ask("Hg1");
        string image = bench.Ask("g");
        Assert.Equal("46020000" + "10000000" + "18000000" + "00000000" + "00000000", image[272..]);
        Assert.Equal(new string('0', 16), image[256..272]);
        Assert.Equal("E22", bench.Ask("P0=1122334455667788"));
    }

    [Fact]
    public void The_stack_pointer_cannot_be_written()
    {
        var bench = new StubBench();
        string before = bench.Ask("p7");
        Assert.Equal("OK", bench.Ask("P7=0000000000000000"));
        Assert.Equal(before, bench.Ask("p7"));
    }

    [Theory]
    [InlineData("qRcmd,", "OK")]
    [InlineData("qRcmd,zz", "OK")]
    [InlineData("qRcmd,6", "E01")]
    [InlineData("qRcmd", "")]
    [InlineData("3", "")]
    public void With_kdb(string sent, string expected)
    {
        var bench = new StubBench(hasKdb: true);
        Assert.Equal(expected, bench.Ask(sent));
        Assert.Equal(sent != "3", bench.Stub.Connected);
        Assert.Equal("S05", bench.Ask("?"));
    }
}
