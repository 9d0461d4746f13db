using KgdbSim.Oracle.Tests.Fakes;

namespace KgdbSim.Oracle.Tests.Stage;

/// <summary>The section "DR7 / DR6" of the oracle's facts: what each CPU's register holds in each phase.</summary>
public sealed class DebugRegisterFactsTests
{
    [Theory]
    [InlineData("Z1,{bp},1", "602")]
    [InlineData("Z2,{buf},1", "10602")]
    [InlineData("Z2,{buf},2", "50602")]
    [InlineData("Z2,{buf},4", "d0602")]
    [InlineData("Z2,{buf},8", "90602")]
    [InlineData("Z4,{buf},1", "30602")]
    [InlineData("Z4,{buf},4", "f0602")]
    [InlineData("Z4,{buf},8", "b0602")]
    [InlineData("Z1,{bp},1 Z2,{buf},1 Z4,{buf},4 Z2,{buf},8", "9f1006aa")]
    public void Encodings(string packets, string control)
    {
        using var bench = StageBench.Stopped();
        foreach (string packet in packets.Split(' '))
        {
            Assert.Equal("OK", bench.Ask(packet.Replace("{bp}", bench.Address("bp_target"), StringComparison.Ordinal)
                .Replace("{buf}", bench.Buffer(), StringComparison.Ordinal)));
        }

        bench.Ask("c");
        Assert.Equal(string.Join(',', Enumerable.Repeat(control, 4)), bench.Controls());
    }

    [Fact]
    public void A_stop_clears_all_enable_bits_and_packets_change_nothing()
    {
        using var bench = StageBench.Stopped();
        Assert.Equal("400,400,400,400", bench.Controls());
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        Assert.Equal("400,400,400,400", bench.Controls());
        bench.Ask("c");
        Assert.Equal("602,602,602,602", bench.Controls());
        bench.Type("run 3 1 bp");
        Assert.Equal("600,600,600,600", bench.Controls());
        Assert.Equal(0xffff0ff0ul, bench.DebugRegisters(3).Status);
    }

    [Fact]
    public void A_second_breakpoint_added_in_a_debug_exception_is_not_armed()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        bench.Ask("c");
        bench.Type("run 3 1 bp");
        bench.Ask($"Z1,{bench.Address("bp_target", 2)},1");
        Assert.Equal("", bench.Ask("c"));
        Assert.Equal("602,602,602,602", bench.Controls());
        Assert.Equal(bench.Layout.Function("bp_target") + 2, bench.DebugRegisters(0).Addresses[1]);
    }

    [Fact]
    public void A_removed_breakpoint_stays_armed_where_the_nmi_restored_it_and_loops_until_the_next_stop()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        bench.Ask("c");
        bench.Type("sysrq 1 g");
        bench.Ask($"z1,{bench.Address("bp_target")},1");
        bench.Ask("c");
        Assert.Equal("602,600,602,602", bench.Controls());
        Assert.Equal("", bench.Type("run 3 1 bp"));
        Assert.Equal("602,600,602,602", bench.Controls());

        Assert.StartsWith("T05thread:", bench.Type("sysrq 1 g"), StringComparison.Ordinal);
        bench.Ask("Hgfffffffb");
        Assert.StartsWith("bp_target+0 ", bench.Place(), StringComparison.Ordinal);
        bench.Ask("c");
        Assert.Equal("600,600,600,600", bench.Controls());
    }

    [Fact]
    public void Detaching_from_a_debug_exception_leaves_the_breakpoint_armed_everywhere()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask("c");
        bench.Type("run 2 1 bp");
        Assert.Equal("OK", bench.Ask("D"));
        Assert.Equal("d0060a,d0060a,d0060a,d0060a", bench.Controls());
    }

    [Fact]
    public void Before_the_first_stop_ge_tells_of_earlier_use()
    {
        using var bench = new StageBench();
        Assert.Equal("600,600,600,600", bench.Controls());
    }

    [Fact]
    public void As_shipped_no_hardware_hit_is_reported()
    {
        using var bench = StageBench.Stopped(name: "hwbp.stock");
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask("c");
        Assert.Equal("d0060a,d0060a,d0060a,d0060a", bench.Controls());
        Assert.Equal("", bench.Type("run 3 1 bp"));
        Assert.Equal("", bench.Type("run 3 1 wr4 0 1"));
        Assert.Equal("T05thread:45;", bench.Type("sysrq 3 g"));
    }
}
