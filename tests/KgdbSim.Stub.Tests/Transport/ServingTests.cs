using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Stub.Tests.Transport;

/// <summary>A machine served over real sockets: who comes, who goes, and what becomes of the machine.</summary>
public sealed class ServingTests
{
    [Fact]
    public void A_debugger_is_served_over_tcp()
    {
        using FakeServer server = new();
        using RawClient gdb = server.Connect();
        Assert.StartsWith("T05thread:1;", gdb.Ask("?"));
        Assert.Equal("0010000000000000", gdb.Ask("p10"));
        Assert.StartsWith("T05thread:2;", gdb.Ask("vCont;s:2"));
    }

    [Fact]
    public void Ctrl_c_ends_a_long_run()
    {
        using FakeServer server = new();
        using RawClient gdb = server.Connect();
        for (int i = 0; i < 20; i++)
        {
            gdb.SendRaw(SessionDriver.Frame("vCont;c"));
            gdb.SendRaw("\x03");
            Assert.StartsWith("T02", gdb.Receive());
        }
    }

    [Fact]
    public void A_second_debugger_is_told_so_and_the_first_notices_nothing()
    {
        using FakeServer server = new();
        using RawClient first = server.Connect();
        using RawClient second = RawClient.Tcp(server.Port);
        second.SendRaw("+" + SessionDriver.Frame("qSupported"));
        Assert.Equal("E.another debugger is attached to this machine", second.Receive());
        Assert.Equal("QC1", first.Ask("qC"));
    }

    [Fact]
    public void When_one_leaves_the_next_is_served()
    {
        using FakeServer server = new();
        for (int i = 0; i < 20; i++)
        {
            using RawClient gdb = server.Connect();
            Assert.StartsWith("T0", gdb.Ask("?"));
            Assert.Equal("OK", gdb.Ask("D"));
        }
    }

    [Fact]
    public void After_detach_the_machine_runs_and_the_next_one_stops_it()
    {
        using FakeServer server = new();
        using (RawClient gdb = server.Connect())
        {
            gdb.Ask("Z0,1050,1");
            gdb.Ask("D");
        }

        // The next one may come before anything could run.
        Assert.True(SpinWait.SpinUntil(() => server.Target.StepCount > 0, TimeSpan.FromSeconds(10)), "it doesn't run");
        using RawClient next = server.Connect();
        Assert.StartsWith("T02", next.Ask("?"));
        Assert.NotEqual("0010000000000000", next.Ask("p10"));
        Assert.Equal(0, server.Target.Points.Count);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("$", false)]
    [InlineData("$M1004,4:00", true)]
    [InlineData("$M1004,4:0011", false)]
    [InlineData("$g#6", true)]
    [InlineData("$g#67", true)]
    [InlineData("$X2000,8:abc}", false)]
    public void A_connection_cut_anywhere_leaves_a_standing_machine_standing(string bytes, bool reset)
    {
        using FakeServer server = new();
        RawClient gdb = server.Connect();
        gdb.Ask("vCont;s:1");
        gdb.SendRaw(bytes);
        gdb.Cut(reset);
        using RawClient next = server.Connect();
        Assert.StartsWith("T05", next.Ask("?"));
        Assert.Equal("0110000000000000", next.Ask("p10"));
        Assert.Equal("00000000", next.Ask("m1004,4"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_cut_during_a_run_leaves_the_machine_running(bool reset)
    {
        using FakeServer server = new();
        RawClient gdb = server.Connect();
        gdb.Ask("Z0,1050,1");
        gdb.SendRaw(SessionDriver.Frame("vCont;c:3"));
        gdb.Cut(reset);

        // It ran to the breakpoint, or was stopped before it; either way the point is gone and it can run on.
        using RawClient next = server.Connect();
        Assert.Matches("^T0[25]", next.Ask("?"));
        Assert.Equal(0, server.Target.Points.Count);
        Assert.StartsWith("T05thread:1;", next.Ask("vCont;s:1"));
    }

    [Fact]
    public void Who_only_knocks_does_not_stop_the_machine()
    {
        using FakeServer server = new(run: true);
        RawClient.Tcp(server.Port).Dispose();
        using (RawClient gdb = server.Connect())
        {
            Assert.StartsWith("T02", gdb.Ask("?"));
            gdb.Ask("D");
        }

        RawClient.Tcp(server.Port).Dispose();
        SpinWait.SpinUntil(() => server.Control.Phase == MachinePhase.Running, TimeSpan.FromSeconds(10));
        Assert.Equal(MachinePhase.Running, server.Control.Phase);
    }

    [Fact]
    public void After_the_guests_exit_the_next_debugger_finds_a_fresh_machine()
    {
        FakeTarget target = new();
        target.Program[0x1003] = new Deed(DeedKind.Exit, 7);
        using FakeServer server = new(target: target);
        using (RawClient gdb = server.Connect())
        {
            Assert.Equal("W07", gdb.Ask("vCont;c"));
        }

        using RawClient next = server.Connect();
        Assert.StartsWith("T05", next.Ask("?"));
        Assert.Equal("0010000000000000", next.Ask("p10"));
    }

    [Fact]
    public void An_exit_that_nobody_saw_is_told_first()
    {
        FakeTarget target = new();
        target.Program[0x1003] = new Deed(DeedKind.Exit, 7);
        using FakeServer server = new(target: target, run: true);
        using (RawClient gdb = server.Connect())
        {
            Assert.Equal("W07", gdb.Ask("?"));
        }

        using RawClient next = server.Connect();
        Assert.StartsWith("T05", next.Ask("?"));
    }

    [Theory]
    [InlineData("D")]
    [InlineData("k")]
    [InlineData("")]
    public void Once_means_until_the_first_one_has_left(string packet)
    {
        using FakeServer server = new(options: new ServeOptions { Once = true });
        using (RawClient gdb = server.Connect())
        {
            if (packet.Length > 0)
            {
                gdb.SendRaw(SessionDriver.Frame(packet));
                gdb.ReceiveAll();
            }
        }

        Assert.True(server.HasEnded(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_script_that_closes_its_side_still_gets_its_answers()
    {
        using FakeServer server = new();
        using RawClient gdb = RawClient.Tcp(server.Port);
        gdb.SendRaw(SessionDriver.Frame("qC") + SessionDriver.Frame("p10") + SessionDriver.Frame("D"));
        string all = gdb.ReceiveAll();
        Assert.Contains("$QC1#", all);
        Assert.Contains("$0010000000000000#", all);
        Assert.EndsWith("$OK#9a", all);
    }

    [Fact]
    public void What_the_guest_prints_goes_where_it_was_asked_to()
    {
        MemoryStream printed = new();
        FakeTarget target = new();
        target.Program[0x1002] = new Deed(DeedKind.Print, '!');
        using FakeServer server = new(target: target, options: new ServeOptions { Console = text => printed.Write(text) });
        using RawClient gdb = server.Connect();
        gdb.Ask("Z0,1008,1");
        Assert.StartsWith("T05", gdb.Ask("vCont;c:1"));
        Assert.Equal("!"u8.ToArray(), printed.ToArray());
    }

    [Fact]
    public void Or_to_gdb()
    {
        FakeTarget target = new();
        target.Program[0x1002] = new Deed(DeedKind.Print, '!');
        using FakeServer server = new(target: target, options: new ServeOptions { ConsoleInGdb = true });
        using RawClient gdb = server.Connect();
        gdb.Ask("Z0,1008,1");
        Assert.Equal("O21", gdb.Ask("vCont;c:1"));
        Assert.StartsWith("T05", gdb.Receive());
    }
}
