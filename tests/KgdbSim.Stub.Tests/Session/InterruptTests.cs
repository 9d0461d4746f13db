using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>Ctrl-C: GDB manual, "Interrupts" (the byte 0x03 outside of any packet).</summary>
public sealed class InterruptTests
{
    [Fact]
    public void A_run_without_end_stops_with_sigint()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Empty(gdb.AskAll("vCont;c", slices: 5));
        Assert.Equal(SessionDemand.Run, gdb.Session.Demand);
        string raw = gdb.SendRaw("\x03") + gdb.RunSlices(2);
        Assert.StartsWith("T02thread:p1.1;core:0;", SessionDriver.Payloads(raw).Single());
        Assert.Equal(SessionDemand.Input, gdb.Session.Demand);
    }

    [Fact]
    public void Only_a_cpu_that_was_resumed_is_named()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.AskAll("vCont;c:p1.3");
        string raw = gdb.SendRaw("\x03") + gdb.RunSlices(2);
        Assert.StartsWith("T02thread:p1.3;", SessionDriver.Payloads(raw).Single());
    }

    [Fact]
    public void It_may_follow_the_packet_in_the_same_bytes()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        string raw = gdb.SendRaw(SessionDriver.Frame("vCont;c") + "\x03") + gdb.RunSlices(2);
        Assert.StartsWith("T02", SessionDriver.Payloads(raw).Single());
    }

    [Fact]
    public void A_machine_in_which_nothing_can_happen_is_not_run_and_still_obeys()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        for (int cpu = 0; cpu < 4; cpu++)
        {
            gdb.Target.SetActivity(cpu, Stub.Binding.CpuActivity.Halted);
        }

        Assert.Empty(gdb.AskAll("vCont;c", slices: 10));
        Assert.Single(gdb.Target.Slices);
        Assert.Equal(SessionDemand.Input, gdb.Session.Demand);
        string raw = gdb.SendRaw("\x03") + gdb.RunSlices(2);
        Assert.StartsWith("T02", SessionDriver.Payloads(raw).Single());
    }

    [Fact]
    public void Without_a_run_it_means_nothing()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("", gdb.SendRaw("\x03\x03"));
        Assert.StartsWith("T05", gdb.Ask("vCont;s:p1.1"));
    }

    [Fact]
    public void A_second_one_changes_nothing()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.AskAll("vCont;c");
        string raw = gdb.SendRaw("\x03\x03\x03") + gdb.RunSlices(2);
        Assert.Single(SessionDriver.Payloads(raw));
    }

    [Fact]
    public void A_packet_while_the_machine_runs_is_refused_and_the_run_goes_on()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.AskAll("vCont;c");
        Assert.Equal("E.the machine is running", SessionDriver.Payloads(gdb.SendRaw(SessionDriver.Frame("g"))).Single());
        Assert.Equal(SessionDemand.Run, gdb.Session.Demand);
        string raw = gdb.SendRaw("\x03") + gdb.RunSlices(2);
        Assert.StartsWith("T02", SessionDriver.Payloads(raw).Single());
    }

    [Fact]
    public void What_the_guest_prints_comes_before_the_stop()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Program[0x1003] = new Deed(DeedKind.Print, 'h');
        gdb.Target.Program[0x1004] = new Deed(DeedKind.Print, 'i');
        gdb.Ask("Z0,1006,1");
        string[] replies = gdb.AskAll("vCont;c:p1.1");
        Assert.Equal("O6869", replies[0]);
        Assert.StartsWith("T05swbreak:;", replies[1]);
    }
}
