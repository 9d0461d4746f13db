using KgdbSim.Oracle.Tests.Fakes;

namespace KgdbSim.Oracle.Tests.Stage;

/// <summary>The section "Stops, stepping, SMP" of the oracle's facts, on the machine.</summary>
public sealed class StopFactsTests
{
    [Fact]
    public void An_int3_stop_reports_the_next_byte_and_memory_shows_the_original_one()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target")},1");
        bench.Ask("c");
        Assert.Equal("T05thread:43;", bench.Type("run 2 1 bp"));
        Assert.Equal("bp_target+1 246", bench.Place());
        Assert.Equal("9090b801", bench.Ask($"m{bench.Address("bp_target")},4"));
        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void A_hardware_execution_breakpoint_reports_its_address_with_rf()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z1,{bench.Address("bp_target")},1");
        bench.Ask("c");
        Assert.Equal("T05thread:43;", bench.Type("run 3 1 bp"));
        Assert.Equal("bp_target+0 10246", bench.Place());
        Assert.Equal("", bench.Ask("c"));
    }

    [Theory]
    [InlineData("2", 4, "wr4 0 44", "wr4+3 202")]
    [InlineData("2", 4, "rd4 0", "")]
    [InlineData("4", 4, "rd4 0", "rd4+3 202")]
    [InlineData("2", 4, "inc4 0", "inc4+3 202")]
    [InlineData("2", 4, "wr1 3 11", "wr1+4 202")]
    [InlineData("2", 4, "wr1 4 11", "")]
    [InlineData("2", 8, "wrwr 0 1", "wrwr+3 202")]
    public void A_watch_stops_behind_the_access(string type, int length, string run, string place)
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z{type},{bench.Buffer()},{length}");
        bench.Ask("c");
        string stop = bench.Type($"run 2 1 {run}");
        Assert.Equal(place, stop.Length == 0 ? "" : bench.Place());
    }

    [Fact]
    public void A_watch_under_rep_stosb_stops_on_the_instruction()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z2,{bench.Buffer(8)},1");
        bench.Ask("c");
        bench.Type("run 2 1 stos 0 5a 10");
        Assert.Equal("stos+5 206", bench.Place());
        Assert.Equal("5a5a5a5a5a5a5a5a5a000000", bench.Ask($"m{bench.Buffer()},c"));
        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void A_step_shows_tf_and_stops_before_a_software_breakpoint()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target")},1");
        bench.Ask("c");
        bench.Type("run 2 1 bp");
        bench.Ask($"Z0,{bench.Address("bp_target", 2)},1");
        Assert.Equal("T05thread:43;", bench.Ask("s"));
        Assert.Equal("bp_target+2 346", bench.Place());
        Assert.Equal("T05thread:43;", bench.Ask("c"));
        Assert.Equal("bp_target+3 246", bench.Place());
    }

    [Fact]
    public void A_step_onto_a_hardware_breakpoint_stops_twice_there()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target")},1");
        bench.Ask($"Z1,{bench.Address("bp_target", 2)},1");
        bench.Ask("c");
        bench.Type("run 2 1 bp");
        bench.Ask("s");
        Assert.Equal("bp_target+2 346", bench.Place());
        Assert.Equal("T05thread:43;", bench.Ask("s"));
        Assert.Equal("bp_target+2 10346", bench.Place());
        bench.Ask("s");
        Assert.Equal("bp_target+7 346", bench.Place());
    }

    [Fact]
    public void A_step_over_a_watched_store_stops_once()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("wr4")},1");
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask("c");
        bench.Type("run 2 1 wr4 0 1");
        Assert.Equal("T05thread:43;", bench.Ask("s"));
        Assert.Equal("wr4+3 302", bench.Place());
        bench.Ask("s");
        Assert.Equal("wr4+4 302", bench.Place());
    }

    [Fact]
    public void A_watch_with_a_hardware_breakpoint_behind_it_is_one_stop_with_rf()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask($"Z1,{bench.Address("wrwr", 3)},1");
        bench.Ask("c");
        bench.Type("run 2 0 wrwr 0 1234");
        Assert.Equal("wrwr+3 10002", bench.Place());
        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void A_watch_with_a_software_breakpoint_behind_it_is_two_stops()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask($"Z0,{bench.Address("wrwr", 3)},1");
        bench.Ask("c");
        bench.Type("run 2 0 wrwr 0 1234");
        Assert.Equal("wrwr+3 2", bench.Place());
        bench.Ask("c");
        Assert.Equal("wrwr+4 2", bench.Place());
    }

    [Fact]
    public void Three_watches_on_one_store_are_one_stop()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z2,{bench.Buffer()},4");
        bench.Ask($"Z4,{bench.Buffer()},1");
        bench.Ask($"Z2,{bench.Buffer()},8");
        bench.Ask("c");
        Assert.Equal("T05thread:43;", bench.Type("run 2 1 wr4 0 1"));
        Assert.Equal("", bench.Ask("c"));
    }

    [Theory]
    [InlineData("Z0", 2, 1)]
    [InlineData("Z0", 4, 1)]
    [InlineData("Z1", 2, 0)]
    [InlineData("Z1", 4, 0)]
    public void Cpus_at_one_breakpoint_stop_one_after_the_other(string kind, int count, int offset)
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"{kind},{bench.Address("bp_target")},1");
        for (int cpu = 0; cpu < count; cpu++)
        {
            bench.Type($"run {cpu} {count} bp");
        }

        var threads = new HashSet<string>();
        for (int i = 0; i < count; i++)
        {
            string stop = bench.Ask("c");
            Assert.StartsWith("T05thread:", stop, StringComparison.Ordinal);
            Assert.True(threads.Add(stop), $"{stop} twice");
            Assert.StartsWith($"bp_target+{offset} ", bench.Place(), StringComparison.Ordinal);
        }

        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void A_removed_breakpoint_drops_the_hits_that_wait()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target")},1");
        bench.Type("run 3 2 bp");
        bench.Type("run 2 2 bp");
        Assert.NotEqual("", bench.Ask("c"));
        bench.Ask($"z0,{bench.Address("bp_target")},1");
        bench.Ask($"P10={bench.Register("bp_target")}");
        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void A_hit_waits_for_the_steps_of_another_cpu_while_the_breakpoint_stays()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target")},1");
        bench.Type("run 3 2 bp");
        bench.Type("run 2 2 bp");
        string first = bench.Ask("c");
        Assert.Equal(first, bench.Ask("s"));
        Assert.Equal("bp_target+2 146", bench.Place());
        string second = bench.Ask("c");
        Assert.StartsWith("T05thread:", second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void An_oops_repeats_until_it_is_passed_on()
    {
        using var bench = StageBench.Stopped();
        bench.Ask("c");
        Assert.Equal("T0bthread:43;", bench.Type("run 2 1 null 0"));
        Assert.Equal("T0bthread:43;", bench.Ask("c"));
        Assert.Equal("", bench.Ask("C09"));
        Assert.Equal("T05thread:44;", bench.Type("sysrq 2 g"));
        Assert.Equal("E22", bench.Ask("T43"));
    }

    [Fact]
    public void An_int3_passed_on_is_an_oops_and_then_a_panic()
    {
        using var bench = StageBench.Stopped();
        Assert.Equal("T0bthread:42;", bench.Ask("C09"));
        Assert.Equal("9 202", bench.Place());
        Assert.Equal("T05thread:42;", bench.Ask("C09"));
        Assert.Equal("", bench.Ask("c"));
        Assert.Equal("", bench.Type("sysrq 2 g"));
    }

    [Fact]
    public void A_panic_stops_once()
    {
        using var bench = StageBench.Stopped();
        bench.Ask("c");
        Assert.Equal("T05thread:43;", bench.Type("sysrq 3 c"));
        Assert.Equal("", bench.Ask("c"));
        Assert.Equal("", bench.Type("sysrq 0 g"));
    }

    [Fact]
    public void A_break_on_the_line_stops_the_idle_task_of_cpu_0()
    {
        using var bench = StageBench.Stopped();
        bench.Ask("c");
        Assert.Equal("T05thread:fffffffe;", bench.Raw("\u00ff\u00f3g"));
        Assert.Equal("", bench.Ask("c"));
    }

    [Fact]
    public void An_interrupt_character_while_running_does_nothing()
    {
        using var bench = StageBench.Stopped();
        bench.Ask("c");
        Assert.Equal("", bench.Raw("\u0003"));
        Assert.Equal("T05thread:43;", bench.Type("sysrq 2 g"));
    }

    [Fact]
    public void A_step_leaves_the_function()
    {
        using var bench = StageBench.Stopped();
        bench.Ask($"Z0,{bench.Address("bp_target", 7)},1");
        bench.Ask("c");
        bench.Type("run 2 1 bp");
        bench.Ask($"z0,{bench.Address("bp_target", 7)},1");
        bench.Ask($"P10={bench.Register("bp_target", 7)}");
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("T05thread:43;", bench.Ask("s"));
        }

        Assert.Equal("", bench.Ask("c"));
        Assert.Equal("T05thread:44;", bench.Type("sysrq 2 g"));
    }

    [Fact]
    public void A_reboot_says_w01()
    {
        using var bench = StageBench.Stopped();
        bench.Ask("c");
        Assert.Equal("W01", bench.Type("reboot"));
    }

    [Fact]
    public void Log_lines_come_as_console_packets_with_kgdbcon()
    {
        using var bench = new StageBench(commandLine: "kgdbcon");
        bench.Type("sysrq 1 g");
        bench.Ask("?");
        bench.Ask("c");
        Assert.Equal("O68690a", bench.Type("write /dev/kmsg hi"));
    }

    [Fact]
    public void Kgdbwait_stops_init_on_cpu_0()
    {
        using var bench = new StageBench(commandLine: "kgdbwait");
        Assert.Equal("QC01", bench.Ask("qC"));
        Assert.Equal("ffffffff810c650b 202", bench.Place());
        Assert.Equal("400,400,400,400", bench.Controls());
    }
}
