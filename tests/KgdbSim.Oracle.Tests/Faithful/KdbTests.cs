using KgdbSim.Oracle.Tests.Fakes;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Oracle.Tests.Faithful;

/// <summary>The section "KGDB_KDB=y" of the oracle's facts; where it is silent, kernel/debug/kdb@6.1.</summary>
public sealed class KdbTests
{
    private const string Stop =
        "\r\nEntering kdb (current=0x#, pid 65) on processor 1 due to NonMaskable Interrupt @ 0xffffffff810c650b\r\n[1]kdb> ";

    [Fact]
    public void A_stop_is_told_in_plain_text_and_the_first_packet_switches_to_gdb()
    {
        var bench = new StubBench(hasKdb: true);
        Assert.Equal(Stop, Masked(bench.Raw("")));
        Assert.False(bench.Stub.Connected);
        Assert.Equal("+$S05#b8", bench.Raw("$?#3f"));
        Assert.True(bench.Stub.Connected);
        Assert.Equal("", bench.Raw("+"));
        bench.Ask("c");
        Assert.Equal(StubBench.Frame("T05thread:42;"), bench.Stop());
    }

    [Fact]
    public void Packet_3_goes_back_to_the_prompt_without_breakpoints()
    {
        StubBench bench = InGdb();
        bench.Ask("Z0,ffffffff8125f080,1");
        Assert.Equal("+" + Stop, Masked(bench.Raw("$3#33")));
        Assert.False(bench.Stub.Connected);
        Assert.Equal("kgdb\r\nEntering please attach debugger or use $D#44+ or $3#33\r\n", bench.Raw("kgdb\r"));
        Assert.Equal("E02", bench.Ask("z0,ffffffff8125f080,1"));
    }

    /// <summary>gdb_serial_stub: a 3 with something behind it falls through to C.</summary>
    [Fact]
    public void A_longer_3_is_taken_for_a_signal()
    {
        StubBench bench = InGdb();
        Assert.StartsWith("O4b474442", bench.Ask("33"), StringComparison.Ordinal);
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
        Assert.Equal(3ul, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
    }

    [Theory]
    [InlineData("help")]
    [InlineData("summary")]
    [InlineData("lsmod")]
    [InlineData("bp oracle_bp_target")]
    [InlineData("bph oracle_bp_target+4")]
    [InlineData("bp 0xffffffff8125f080")]
    [InlineData("rd")]
    [InlineData("ps")]
    [InlineData("md oracle_buf 2")]
    [InlineData("cpu")]
    public void Output_comes_as_o_packets_each_acknowledged_and_then_ok(string command)
    {
        StubBench bench = InGdb();
        string[] packets = bench.Ask(Monitor(command)).Split(' ');
        Assert.Equal("OK", packets[^1]);
        Assert.NotEmpty(packets[..^1]);
        Assert.All(packets[..^1], packet => Assert.Matches("^O([0-9a-f][0-9a-f])+$", packet));
    }

    [Theory]
    [InlineData("bcon")]
    [InlineData("nosuch")]
    [InlineData("")]
    [InlineData("bl")]
    [InlineData("bc 3")]
    [InlineData("bp nosuch")]
    [InlineData("md")]
    public void What_fails_or_has_nothing_to_say_is_ok_without_text(string command) => Assert.Equal("OK", InGdb().Ask(Monitor(command)));

    [Fact]
    public void A_piece_waits_for_the_acknowledgement_of_the_one_before_it()
    {
        StubBench bench = InGdb();
        string first = bench.Raw(StubBench.Frame(Monitor("summary")));
        Assert.StartsWith("+$O", first, StringComparison.Ordinal);
        Assert.Equal(1, first.Count(c => c == '$'));
        Assert.Equal(1, bench.Raw("+").Count(c => c == '$'));
    }

    [Fact]
    public void Breakpoints_of_kdb_s_table_are_listed_and_cleared()
    {
        StubBench bench = InGdb();
        bench.Ask(Monitor("bp oracle_bp_target"));
        bench.Ask(Monitor("bph oracle_buf"));
        Assert.Equal(5, bench.Ask(Monitor("bl")).Split(' ').Length);
        Assert.Contains(Hex("Breakpoint 0 at 0xffffffff8125f080 cleared\n"), bench.Ask(Monitor("bc 0")), StringComparison.Ordinal);
        Assert.Equal(3, bench.Ask(Monitor("bl")).Split(' ').Length);
        bench.Ask(Monitor("bc *"));
        Assert.Equal("OK", bench.Ask(Monitor("bl")));
    }

    [Theory]
    [InlineData("nosuch", "Unknown kdb command: 'nosuch'")]
    [InlineData("md", "diag: -2: ")]
    [InlineData("bp nosuch", "diag: -14: ")]
    [InlineData("", "[1]kdb> ")]
    [InlineData("nosucj\bh", "Unknown kdb command: 'nosuch'")]
    public void A_typed_line_is_echoed_and_answered(string line, string expected)
    {
        var bench = new StubBench(hasKdb: true);
        bench.Raw("");
        string answer = bench.Raw(line + "\r");
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.EndsWith("[1]kdb> ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("go", 0xffff_ffff_810c_650b)]
    [InlineData("go oracle_bp_target", 0xffff_ffff_8125_f080)]
    public void Go_lets_the_kernel_go_and_the_next_stop_is_kdb_s_again(string line, ulong place)
    {
        var bench = new StubBench(hasKdb: true);
        bench.Raw(line + "\r");
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
        Assert.False(bench.Stub.Listens);
        Assert.Equal(place, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
        Assert.EndsWith("[1]kdb> ", bench.Stop(), StringComparison.Ordinal);
    }

    private static StubBench InGdb()
    {
        var bench = new StubBench(hasKdb: true);
        bench.Raw("");
        Assert.Equal("S05", bench.Ask("?"));
        return bench;
    }

    private static string Monitor(string command) => "qRcmd," + Hex(command);

    private static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.Latin1.GetBytes(text));

    private static string Masked(string text) => System.Text.RegularExpressions.Regex.Replace(text, "current=0x[0-9a-f]+", "current=0x#");
}
