using System.Text;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Replies;

/// <summary>GDB manual, "Stop Reply Packets".</summary>
public sealed class StopReplyTests
{
    private const GdbFeatures Modern = GdbFeatures.Multiprocess | GdbFeatures.SoftwareBreak | GdbFeatures.HardwareBreak;

    private readonly ReplyWriter _reply = new(16) { Offered = Modern };

    [Fact]
    public void A_stop_names_signal_thread_and_core()
    {
        StopReply.Stopped(_reply, GdbSignal.Interrupt).Thread(new ThreadId(1, 2)).Core(1);
        Assert.Equal("T02thread:p1.2;core:1;", Text());
    }

    [Theory]
    [InlineData(WatchKind.Write, "T05watch:7fe0;")]
    [InlineData(WatchKind.Read, "T05rwatch:7fe0;")]
    [InlineData(WatchKind.Access, "T05awatch:7fe0;")]
    public void A_watchpoint_names_the_data_address(WatchKind kind, string expected)
    {
        StopReply.Stopped(_reply, GdbSignal.Trap).Watch(kind, 0x7fe0);
        Assert.Equal(expected, Text());
    }

    [Fact]
    public void Breakpoints_are_marked()
    {
        StopReply.Stopped(_reply, GdbSignal.Trap).SoftwareBreak();
        Assert.Equal("T05swbreak:;", Text());
        StopReply.Stopped(_reply, GdbSignal.Trap).HardwareBreak();
        Assert.Equal("T05hwbreak:;", Text());
    }

    /// <summary>"This packet should not be sent by default; older GDBs did not support it."</summary>
    [Fact]
    public void Marks_that_were_not_asked_for_are_left_out()
    {
        _reply.Offered = GdbFeatures.None;
        StopReply.Stopped(_reply, GdbSignal.Trap).SoftwareBreak().HardwareBreak().Thread(new ThreadId(1, 2));
        Assert.Equal("T05thread:2;", Text());
    }

    [Theory]
    [InlineData(ReplayLogEnd.Begin, "T05replaylog:begin;")]
    [InlineData(ReplayLogEnd.End, "T05replaylog:end;")]
    public void The_end_of_history_is_named(ReplayLogEnd end, string expected)
    {
        StopReply.Stopped(_reply, GdbSignal.Trap).ReplayLog(end);
        Assert.Equal(expected, Text());
    }

    [Fact]
    public void Registers_go_along_in_memory_order()
    {
        StopReply.Stopped(_reply, GdbSignal.Trap)
            .Register(6, [0, 0, 0, 0, 0, 0, 0, 0])
            .Register(0x10, [0x36, 0x11, 0x40, 0, 0, 0, 0, 0]);
        Assert.Equal("T056:0000000000000000;10:3611400000000000;", Text());
    }

    [Fact]
    public void The_program_ends_by_itself_or_by_a_signal()
    {
        StopReply.Exited(_reply, 3, 1);
        Assert.Equal("W03;process:1", Text());
        StopReply.Killed(_reply, GdbSignal.Kill, 1);
        Assert.Equal("X09;process:1", Text());
        _reply.Offered = GdbFeatures.None;
        StopReply.Exited(_reply, 255, 1);
        Assert.Equal("Wff", Text());
        StopReply.NoneResumed(_reply);
        Assert.Equal("N", Text());
    }

    [Fact]
    public void A_stop_replaces_what_the_reply_held()
    {
        _reply.WriteOk();
        StopReply.Stopped(_reply, GdbSignal.Trap);
        Assert.Equal("T05", Text());
    }

    private string Text() => Encoding.ASCII.GetString(_reply.Written);
}
