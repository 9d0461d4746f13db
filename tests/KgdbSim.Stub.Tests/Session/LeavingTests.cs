using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>Detach, kill, restart and extended mode: GDB manual, "Packets", and "Connecting to a Remote Target".</summary>
public sealed class LeavingTests
{
    [Theory]
    [InlineData("D")]
    [InlineData("D;1")]
    public void Detaching_lets_the_machine_run_on_without_breakpoints(string packet)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("Z0,1002,1");
        gdb.Ask("Z2,2000,8");
        Assert.Equal("OK", gdb.Ask(packet));
        Assert.Equal(SessionDemand.Close, gdb.Session.Demand);
        Assert.Equal(MachinePhase.Running, gdb.Control.Phase);
        Assert.Equal(0, gdb.Target.Points.Count);
    }

    [Fact]
    public void A_debugger_that_left_is_not_listened_to()
    {
        SessionDriver gdb = new();
        gdb.Ask("D");
        Assert.Equal("", gdb.SendRaw(SessionDriver.Frame("g") + "\x03"));
        Assert.Equal(MachinePhase.Running, gdb.Control.Phase);
    }

    [Fact]
    public void Another_process_cannot_be_detached_from()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("E.", gdb.Ask("D;7"));
        Assert.Equal(SessionDemand.Input, gdb.Session.Demand);
    }

    [Fact]
    public void Killing_resets_the_machine_and_holds_it()
    {
        SessionDriver gdb = new();
        gdb.Ask("vCont;s:1");
        Assert.Empty(gdb.AskAll("k"));
        Assert.Equal(SessionDemand.Close, gdb.Session.Demand);
        Assert.Equal(1, gdb.Target.RestartCount);
        Assert.Equal(MachinePhase.Held, gdb.Control.Phase);
    }

    [Fact]
    public void Killing_by_process_is_answered()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("OK", gdb.Ask("vKill;1"));
        Assert.StartsWith("E.", gdb.Ask("vKill;2"));
        Assert.StartsWith("E.", gdb.Ask("g"));
        Assert.Equal("l", gdb.Ask("qfThreadInfo"));
    }

    [Fact]
    public void An_extended_debugger_starts_the_program_again_after_its_end()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("OK", gdb.Ask("!"));
        gdb.Target.Program[0x1003] = new Deed(DeedKind.Exit, 0);
        Assert.Equal("W00;process:1", gdb.Ask("vCont;c"));
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("vRun;"));
        Assert.Equal("0", gdb.Ask("qAttached:1"));
        Assert.Equal("mp1.1,p1.2,p1.3,p1.4", gdb.Ask("qfThreadInfo"));
        Assert.Equal(0x1000ul, gdb.Target.RipOf(0));
    }

    [Fact]
    public void Only_the_one_program_can_be_started()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        string own = Convert.ToHexString("/guests/fake.elf"u8);
        Assert.StartsWith("T05", gdb.Ask($"vRun;{own}"));
        Assert.StartsWith("E.the machine has another image", gdb.Ask("vRun;2f62696e2f7368"));
        Assert.StartsWith("E.a guest takes no arguments", gdb.Ask("vRun;;2d76"));
    }

    [Fact]
    public void An_extended_debugger_stays_after_detaching_and_attaches_again()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("!");
        Assert.Equal("OK", gdb.Ask("D;1", slices: 0));
        Assert.Equal(SessionDemand.Run, gdb.Session.Demand);
        Assert.StartsWith("E.", gdb.Ask("g", slices: 0));
        gdb.RunSlices(2);
        Assert.StartsWith("T02thread:p1.1;", gdb.Ask("vAttach;1"));
        Assert.Equal("1", gdb.Ask("qAttached:1"));
        Assert.Equal(MachinePhase.Held, gdb.Control.Phase);
    }

    [Fact]
    public void Restarting_is_for_extended_debuggers_and_has_no_reply()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("E.", gdb.Ask("R00"));
        gdb.Ask("!");
        Assert.Empty(gdb.AskAll("R00"));
        Assert.Equal(1, gdb.Target.RestartCount);
    }

    [Fact]
    public void Points_that_a_debugger_left_behind_are_gone_when_the_next_one_comes()
    {
        SessionDriver first = new SessionDriver().Negotiated();
        first.Ask("Z0,1002,1");
        first.Ask("Z4,2000,4");

        // The first one's connection is cut: nothing more comes from it.
        SessionDriver second = new SessionDriver(first.Control).Negotiated();
        Assert.Equal(0, second.Target.Points.Count);
        Assert.StartsWith("T05thread:p1.1;", second.Ask("?"));
    }
}
