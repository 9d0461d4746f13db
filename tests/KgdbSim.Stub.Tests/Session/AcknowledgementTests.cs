using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>GDB manual, "Overview" and "Packet Acknowledgment" of the remote protocol.</summary>
public sealed class AcknowledgementTests
{
    [Fact]
    public void A_packet_is_acknowledged_before_it_is_answered()
    {
        Assert.StartsWith("+$QC1#", Plain().SendRaw(SessionDriver.Frame("qC")));
    }

    [Fact]
    public void A_wrong_checksum_is_asked_for_again()
    {
        SessionDriver gdb = Plain();
        Assert.Equal("-", gdb.SendRaw("$qC#00"));
        Assert.StartsWith("+$QC1#", gdb.SendRaw(SessionDriver.Frame("qC")));
    }

    [Fact]
    public void Asked_again_the_last_packet_is_repeated()
    {
        SessionDriver gdb = Plain();
        string first = gdb.SendRaw(SessionDriver.Frame("qC"));
        Assert.Equal(first, "+" + gdb.SendRaw("-"));
        Assert.Equal("", gdb.SendRaw("+"));
    }

    [Fact]
    public void Asked_again_before_anything_was_sent_there_is_nothing_to_repeat()
    {
        Assert.Equal("", Plain().SendRaw("-"));
    }

    [Fact]
    public void The_answer_that_ends_acknowledgements_is_the_last_to_be_acknowledged()
    {
        SessionDriver gdb = Plain();
        Assert.Equal("+$OK#9a", gdb.SendRaw(SessionDriver.Frame("QStartNoAckMode")));
        Assert.StartsWith("$QC1#", gdb.SendRaw("+" + SessionDriver.Frame("qC")));
    }

    [Fact]
    public void Without_acknowledgements_a_broken_packet_was_never_sent()
    {
        SessionDriver gdb = new();
        Assert.Equal("", gdb.SendRaw("$qC#00"));
        Assert.Equal("", gdb.SendRaw("-"));
        Assert.StartsWith("$QC1#", gdb.SendRaw(SessionDriver.Frame("qC")));
    }

    [Fact]
    public void A_resuming_packet_is_acknowledged_before_the_run()
    {
        SessionDriver gdb = Plain();
        Assert.Equal("+", gdb.SendRaw(SessionDriver.Frame("vCont;c")));
        Assert.Equal(SessionDemand.Run, gdb.Session.Demand);
    }

    private static SessionDriver Plain() => new((FakeTarget?)null, noAck: false);
}
