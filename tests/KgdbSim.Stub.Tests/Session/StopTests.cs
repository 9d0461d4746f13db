using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>What is reported when CPUs stop, and to whom: GDB manual, "Stop Reply Packets" and "Packets", vCont.</summary>
public sealed class StopTests
{
    [Fact]
    public void A_step_names_the_thread_that_stepped_and_moves_no_other()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Ask("vCont;s:p1.2"));
        Assert.Equal(0x1011ul, gdb.Target.RipOf(1));
        Assert.Equal(0x1000ul, gdb.Target.RipOf(0));
    }

    [Fact]
    public void A_step_of_one_while_the_others_run_moves_all()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("T05thread:p1.2;", gdb.Ask("vCont;s:p1.2;c"));
        Assert.Equal([0x1001ul, 0x1011, 0x1021, 0x1031], Enumerable.Range(0, 4).Select(gdb.Target.RipOf));
    }

    [Fact]
    public void The_leftmost_action_that_matches_counts()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Points.Insert(false, 0x1040);

        // Thread 3 is named by the second action too; the first one, step, must win. Thread 4 matches none and stays.
        Assert.StartsWith("T05thread:p1.3;", gdb.Ask("vCont;s:p1.3;c:p1.3;c:p1.1"));
        Assert.Equal(0x1021ul, gdb.Target.RipOf(2));
        Assert.Equal(0x1030ul, gdb.Target.RipOf(3));
    }

    [Fact]
    public void Each_cpu_that_hit_something_is_reported_in_turn()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("Z0,1002,1");
        gdb.Ask("Z1,1012,1");
        gdb.Target.Program[0x1021] = new Deed(DeedKind.Store, 0x2000);
        gdb.Ask("Z2,2000,8");

        // All three at the same time: CPU 2 after its second instruction, CPUs 0 and 1 before their third.
        gdb.Target.SetRip(2, 0x101f);
        Assert.StartsWith("T05swbreak:;thread:p1.1;core:0;", gdb.Ask("vCont;c"));
        Assert.StartsWith("T05hwbreak:;thread:p1.2;core:1;", gdb.Ask("vCont;c:p1.2"));
        Assert.StartsWith("T05watch:2000;thread:p1.3;core:2;", gdb.Ask("vCont;c:p1.3"));
        Assert.True(gdb.Control.Ledger.IsEmpty);
    }

    [Fact]
    public void A_remembered_stop_waits_while_its_cpu_stays()
    {
        SessionDriver gdb = TwoHits();
        Assert.StartsWith("T05thread:p1.4;", gdb.Ask("vCont;s:p1.4"));
        Assert.StartsWith("T05swbreak:;thread:p1.2;", gdb.Ask("vCont;c:p1.2"));
    }

    [Fact]
    public void A_remembered_breakpoint_that_was_removed_is_not_reported()
    {
        SessionDriver gdb = TwoHits();
        gdb.Ask("z0,1012,1");
        Assert.StartsWith("T05thread:p1.2;", gdb.Ask("vCont;s:p1.2"));
        Assert.Equal(0x1013ul, gdb.Target.RipOf(1));
    }

    [Fact]
    public void A_remembered_breakpoint_that_the_debugger_moved_away_from_is_not_reported()
    {
        SessionDriver gdb = TwoHits();
        gdb.Ask("Hgp1.2");
        gdb.Ask("P10=5010000000000000");
        Assert.StartsWith("T05thread:p1.2;", gdb.Ask("vCont;s:p1.2"));
    }

    [Fact]
    public void A_watch_hit_by_a_step_is_one_stop_and_tells_of_the_access()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Program[0x1000] = new Deed(DeedKind.Load, 0x2004);
        gdb.Ask("Z4,2000,8");
        Assert.StartsWith("T05awatch:2004;thread:p1.1;", gdb.Ask("vCont;s:p1.1"));
        Assert.True(gdb.Control.Ledger.IsEmpty);
    }

    [Theory]
    [InlineData("Z2", DeedKind.Store, "watch")]
    [InlineData("Z3", DeedKind.Load, "rwatch")]
    [InlineData("Z4", DeedKind.Load, "awatch")]
    [InlineData("Z4", DeedKind.Store, "awatch")]
    internal void Every_kind_of_watchpoint_has_its_word(string packet, DeedKind deed, string word)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Program[0x1005] = new Deed(deed, 0x2002);
        Assert.Equal("OK", gdb.Ask($"{packet},2000,4"));
        Assert.StartsWith($"T05{word}:2002;thread:p1.1;", gdb.Ask("vCont;c:p1.1"));
    }

    [Fact]
    public void A_range_step_stops_outside_the_range_only()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("vCont;r1000,1008:p1.1"));
        Assert.Equal(0x1008ul, gdb.Target.RipOf(0));
        Assert.Single(gdb.Target.Slices);
    }

    [Fact]
    public void An_empty_range_is_a_single_step()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("vCont;r1000,1000:p1.1"));
        Assert.Equal(0x1001ul, gdb.Target.RipOf(0));
    }

    [Fact]
    public void A_triple_fault_is_a_stop()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Program[0x1022] = new Deed(DeedKind.Shutdown);
        Assert.StartsWith("T06thread:p1.3;", gdb.Ask("vCont;c:p1.3"));
    }

    [Fact]
    public void The_guests_exit_code_ends_the_process()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.Program[0x1003] = new Deed(DeedKind.Exit, 0x2a);
        Assert.Equal("W2a;process:1", gdb.Ask("vCont;c"));
        Assert.StartsWith("E.", gdb.Ask("g"));
        Assert.Equal("l", gdb.Ask("qfThreadInfo"));
        Assert.Equal("W2a;process:1", gdb.Ask("?"));
    }

    [Fact]
    public void Without_multiprocess_ids_and_exit_are_plain()
    {
        SessionDriver gdb = new SessionDriver().Negotiated("swbreak+");
        gdb.Target.Program[0x1003] = new Deed(DeedKind.Exit, 1);
        Assert.StartsWith("T05thread:2;", gdb.Ask("vCont;s:2"));
        Assert.Equal("W01", gdb.Ask("vCont;c"));
    }

    [Fact]
    public void Breakpoint_marks_are_for_debuggers_that_asked_for_them()
    {
        SessionDriver gdb = new SessionDriver().Negotiated("multiprocess+");
        gdb.Ask("Z0,1002,1");
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("vCont;c:p1.1"));
    }

    [Fact]
    public void Resuming_nobody_is_answered_at_once()
    {
        Assert.Equal("N", new SessionDriver().Negotiated().Ask("vCont;c:p1.9"));
        Assert.Equal("N", new SessionDriver().Negotiated().Ask("vCont;t"));
        Assert.StartsWith("E.", new SessionDriver().Negotiated("error-message+").Ask("vCont;c:9"));
    }

    [Fact]
    public void The_first_question_is_answered_by_where_the_machine_stands()
    {
        Assert.StartsWith("T05thread:p1.1;core:0;", new SessionDriver().Negotiated().Ask("?"));
    }

    [Fact]
    public void A_stop_that_nobody_saw_is_told_to_who_comes_next()
    {
        FakeTarget target = new();
        MachineControl control = new(target);
        control.Plan.SetAll(ResumeAction.Continue);
        control.Resume();
        target.Points.Insert(false, 0x1032);
        control.RunSlice(1000);
        Assert.Equal(MachinePhase.Held, control.Phase);
        SessionDriver gdb = new SessionDriver(control).Negotiated();
        Assert.StartsWith("T05swbreak:;thread:p1.4;", gdb.Ask("?"));
        Assert.Equal("QCp1.4", gdb.Ask("qC"));
    }

    [Fact]
    public void Who_asks_again_is_told_the_same_until_something_runs()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("Z0,1002,1");
        string stop = gdb.Ask("vCont;c");
        Assert.StartsWith("T05swbreak:;thread:p1.1;", stop);
        Assert.Equal(stop, gdb.Ask("?"));
        Assert.Equal(stop, gdb.Ask("?"));
        Assert.Equal(stop, new SessionDriver(gdb.Control).Negotiated().Ask("?"));
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("vCont;s:p1.1"));
        Assert.StartsWith("T05thread:p1.1;", gdb.Ask("?"));
    }

    /// <summary>CPUs 0 and 1 hit a breakpoint at once; CPU 0's has been reported.</summary>
    private static SessionDriver TwoHits()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("Z0,1002,1");
        gdb.Ask("Z0,1012,1");
        Assert.StartsWith("T05swbreak:;thread:p1.1;", gdb.Ask("vCont;c"));
        return gdb;
    }
}
