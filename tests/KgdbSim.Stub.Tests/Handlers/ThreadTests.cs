using System.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>GDB manual, packets H T qC qfThreadInfo qThreadExtraInfo and the thread list document.</summary>
public sealed class ThreadTests
{
    [Fact]
    public void Every_cpu_is_a_thread()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("mp1.1,p1.2,p1.3,p1.4", gdb.Ask("qfThreadInfo"));
        Assert.Equal("l", gdb.Ask("qsThreadInfo"));
        Assert.Equal("m1,2,3,4", new SessionDriver().Ask("qfThreadInfo"));
    }

    [Fact]
    public void All_255_fit_one_reply()
    {
        string reply = new SessionDriver(new FakeTarget(255)).Negotiated().Ask("qfThreadInfo");
        Assert.Equal(255, reply.Split(',').Length);
        Assert.EndsWith(",p1.ff", reply);
    }

    [Theory]
    [InlineData(CpuActivity.Running, "CPU#2 [running]")]
    [InlineData(CpuActivity.Halted, "CPU#2 [halted]")]
    [InlineData(CpuActivity.WaitingForSipi, "CPU#2 [waiting for SIPI]")]
    [InlineData(CpuActivity.Shutdown, "CPU#2 [shutdown]")]
    internal void They_are_called_by_what_they_do(CpuActivity activity, string name)
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Target.SetActivity(2, activity);
        byte[] told = Convert.FromHexString(gdb.Ask("qThreadExtraInfo,p1.3"));
        Assert.Equal(name, Encoding.UTF8.GetString(told));

        // "#" ends a packet: inside of one it is sent as "}" and itself xor 0x20.
        string list = gdb.Ask("qXfer:threads:read::0,ffff").Replace("}\u0003", "#");
        Assert.Contains($"<thread id=\"p1.3\" core=\"2\" name=\"{name}\">", list);
    }

    [Fact]
    public void A_thread_that_does_not_exist_is_an_error()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        foreach (string packet in (string[])["Tp1.5", "Hgp1.5", "Hcp1.5", "Hgp2.1", "qThreadExtraInfo,p1.9"])
        {
            Assert.Equal("E.no such thread", gdb.Ask(packet));
        }

        Assert.Equal("OK", gdb.Ask("Tp1.4"));
        Assert.Equal("QCp1.1", gdb.Ask("qC"));
    }

    [Fact]
    public void Old_packets_resume_what_Hc_chose()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        Assert.Equal("OK", gdb.Ask("Hcp1.2"));
        Assert.StartsWith("T05thread:p1.2;", gdb.Ask("s"));
        Assert.Equal([0x1000ul, 0x1011], Enumerable.Range(0, 2).Select(gdb.Target.RipOf));
        Assert.Equal("OK", gdb.Ask("Hc-1"));
        Assert.StartsWith("T05thread:p1.2;", gdb.Ask("s"));
        Assert.Equal([0x1001ul, 0x1012], Enumerable.Range(0, 2).Select(gdb.Target.RipOf));
    }

    [Fact]
    public void Old_packets_may_say_where_to_go_on()
    {
        SessionDriver gdb = new();
        Assert.StartsWith("T05", gdb.Ask("s1050"));
        Assert.Equal(0x1051ul, gdb.Target.RipOf(0));
        Assert.StartsWith("T05", gdb.Ask("S05;1060"));
        Assert.Equal(0x1061ul, gdb.Target.RipOf(0));
    }

    [Fact]
    public void A_stop_makes_its_thread_the_current_one()
    {
        SessionDriver gdb = new SessionDriver().Negotiated();
        gdb.Ask("vCont;s:p1.4");
        Assert.Equal("QCp1.4", gdb.Ask("qC"));
        Assert.Equal("3110000000000000", gdb.Ask("p10"));
    }
}
