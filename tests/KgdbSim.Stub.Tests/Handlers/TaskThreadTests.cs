using System.Text;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>
/// A modelled kernel's tasks as threads. Ids and names of shadow threads are those of kgdb (kernel/debug/gdbstub.c@6.1: shadow_pid,
/// gdb_cmd_query); the list's end and the rest are the protocol's (GDB manual, "Packets").
/// </summary>
public sealed class TaskThreadTests
{
    private const string Registers = "p10";

    [Fact]
    public void Tasks_come_first_then_shadow_threads_and_an_end()
    {
        using KernelSession gdb = Start();
        Assert.Equal("mp1.1,p1.2,p1.3,p1.fffffffe,p1.fffffffd,p1.fffffffc", gdb.Driver.Ask("qfThreadInfo"));
        Assert.Equal("l", gdb.Driver.Ask("qsThreadInfo"));
        gdb.Driver.Negotiated("swbreak+");
        Assert.Equal("m1,2,3,fffffffe,fffffffd,fffffffc", gdb.Driver.Ask("qfThreadInfo"));
    }

    [Theory]
    [InlineData("p1.fffffffe", "shadowCPU0")]
    [InlineData("p1.-4", "shadowCPU2")]
    [InlineData("p1.1", "guest/0 [pid 1, on CPU 0]")]
    [InlineData("p1.3", "guest/2 [pid 3, on CPU 2]")]
    public void They_say_what_they_are(string id, string name)
    {
        using KernelSession gdb = Start();
        Assert.Equal("OK", gdb.Driver.Ask("T" + id));
        Assert.Equal("OK", gdb.Driver.Ask("Hg" + id));
        Assert.Equal("OK", gdb.Driver.Ask("Hc" + id));
        Assert.Equal(name, NameOf(gdb, id));
        Assert.Contains($"name=\"{name}\"", gdb.Driver.Ask("qXfer:threads:read::0,ffff"));
    }

    [Theory]
    [InlineData("p1.fffffffb")]
    [InlineData("p1.-7fffffff")]
    [InlineData("p1.80000000")]
    [InlineData("p1.4")]
    [InlineData("p2.1")]
    [InlineData("p2.fffffffe")]
    public void Others_do_not_exist(string id)
    {
        using KernelSession gdb = Start();
        foreach (string packet in (string[])["T", "Hg", "Hc", "qThreadExtraInfo,"])
        {
            Assert.Equal("E.no such thread", gdb.Driver.Ask(packet + id));
        }

        Assert.Equal("N", gdb.Driver.Ask("vCont;c:" + id));
    }

    [Fact]
    public void A_stop_names_the_task_and_its_cpu()
    {
        using KernelSession gdb = Start();
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        for (int i = 0; i < 6; i++)
        {
            string stop = gdb.Continue();
            int cpu = gdb.Target.Host.Stop.Cpu;
            Assert.StartsWith($"T05watch:{KernelSession.Counter:x};thread:p1.{cpu + 1};core:{cpu};", stop);
            Assert.Equal($"QCp1.{cpu + 1}", gdb.Driver.Ask("qC"));
        }

        Assert.Contains($"thread:p1.{gdb.Target.Host.Stop.Cpu + 1};core:", gdb.Driver.Ask("?"));
    }

    [Fact]
    public void A_step_of_a_task_is_one_of_its_cpu()
    {
        using KernelSession gdb = Start();
        ulong[] before = Rips(gdb);
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Driver.Ask("vCont;s:p1.2"));
        Assert.Equal([before[0], KernelSession.Behind, before[2]], Rips(gdb));
    }

    [Fact]
    public void A_shadow_thread_is_the_idle_task_and_does_not_run_while_another_has_the_cpu()
    {
        using KernelSession gdb = Start();
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.-3"));
        Assert.Equal("QCp1.fffffffd", gdb.Driver.Ask("qC"));
        Assert.Equal("xxxxxxxxxxxxxxxx", gdb.Driver.Ask(Registers));
        Assert.Contains(
            "<thread id=\"p1.fffffffd\" name=\"shadowCPU1\">CPU 1 runs guest/1</thread>", gdb.Driver.Ask("qXfer:threads:read::0,ffff"));
        ulong[] before = Rips(gdb);
        string[] replies = gdb.Driver.AskAll("vCont;s:p1.-3;c");
        Assert.Equal("T02thread:p1.fffffffd;", replies[^1]);
        Assert.Equal("shadowCPU1 is on no CPU: it cannot be resumed by itself\n", Text(replies[0][1..]));
        Assert.Equal(before, Rips(gdb));
    }

    [Fact]
    public void A_tracer_is_a_task_as_long_as_it_traces()
    {
        using KernelSession gdb = Start();
        string address = $"0x{KernelSession.Counter:x}";
        gdb.Monitor($"ptrace-bp add 1 2 {address} 8 w");
        gdb.Monitor($"ptrace-bp add 0 0 {address} 8 w");
        Assert.StartsWith("mp1.1,p1.2,p1.3,p1.4,p1.fffffffe,", gdb.Driver.Ask("qfThreadInfo"));
        Assert.Equal("tracer [pid 4, sleeping]", NameOf(gdb, "p1.4"));
        Assert.Contains("<thread id=\"p1.4\" name=\"tracer [pid 4, sleeping]\">", gdb.Driver.Ask("qXfer:threads:read::0,ffff"));
        gdb.Monitor("ptrace-bp del 1 2");
        Assert.Equal("OK", gdb.Driver.Ask("Tp1.4"));
        gdb.Monitor("ptrace-bp del 0 0");
        Assert.Equal("E.no such thread", gdb.Driver.Ask("Tp1.4"));
        Assert.StartsWith("mp1.1,p1.2,p1.3,p1.fffffffe,", gdb.Driver.Ask("qfThreadInfo"));

        // Nobody else is ever called what the last one was, and what is refused begins nobody.
        Assert.StartsWith("EINVAL", gdb.Monitor($"ptrace-bp add 1 2 {address} 3 w"));
        Assert.StartsWith("mp1.1,p1.2,p1.3,p1.fffffffe,", gdb.Driver.Ask("qfThreadInfo"));
        gdb.Monitor($"ptrace-bp add 1 2 {address} 8 w");
        Assert.StartsWith("mp1.1,p1.2,p1.3,p1.5,p1.fffffffe,", gdb.Driver.Ask("qfThreadInfo"));
    }

    [Fact]
    public void Registers_that_nobody_knows_are_not_available()
    {
        using KernelSession gdb = StartTraced();
        string known = gdb.Driver.Ask("g");
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.4"));
        Assert.Equal(new string('x', known.Length), gdb.Driver.Ask("g"));
        Assert.Equal("xxxxxxxxxxxxxxxx", gdb.Driver.Ask(Registers));
        const string Refusal = "E.the thread is on no CPU, and its registers are not known";
        Assert.Equal(Refusal, gdb.Driver.Ask("P0=0000000000000000"));
        Assert.Equal(Refusal, gdb.Driver.Ask("G" + known));
        Assert.NotEqual("", gdb.Driver.Ask($"m{KernelSession.Counter:x},8"));
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.1"));
        Assert.Equal(known, gdb.Driver.Ask("g"));
    }

    [Theory]
    [InlineData("vCont;s:p1.4")]
    [InlineData("vCont;s:p1.4;c")]
    [InlineData("vCont;c:p1.4")]
    [InlineData("vCont;c:p1.1;s:p1.4")]
    public void A_sleeping_task_resumed_by_itself_stands_and_nobody_else_runs(string packet)
    {
        using KernelSession gdb = StartTraced();
        ulong[] before = Rips(gdb);
        string[] replies = gdb.Driver.AskAll(packet);
        Assert.Equal("T02thread:p1.4;", replies[^1]);
        Assert.Equal("tracer [pid 4, sleeping] is on no CPU: it cannot be resumed by itself\n", Text(replies[0][1..]));
        Assert.Equal(before, Rips(gdb));
        Assert.Equal("QCp1.4", gdb.Driver.Ask("qC"));
        Assert.StartsWith("T05thread:p1.3;", gdb.Driver.Ask("vCont;s:p1.3"));
    }

    [Fact]
    public void Old_packets_resume_tasks_too()
    {
        using KernelSession gdb = StartTraced();
        Assert.Equal("OK", gdb.Driver.Ask("Hcp1.2"));
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Driver.Ask("s"));
        Assert.Equal("OK", gdb.Driver.Ask("Hcp1.4"));
        Assert.Equal("T02thread:p1.4;", gdb.Driver.AskAll("c")[^1]);

        // With nobody chosen, "c" lets all go; a step is the current one's.
        Assert.Equal("OK", gdb.Driver.Ask("Hc0"));
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.4"));
        Assert.Equal("T02thread:p1.4;", gdb.Driver.AskAll("s")[^1]);
        gdb.Point("Z2", KernelSession.Counter, 8);
        Assert.Contains("watch:", gdb.Driver.Ask("c", 100));
    }

    [Fact]
    public void A_thread_that_is_gone_while_it_is_selected_has_no_registers()
    {
        using KernelSession gdb = StartTraced();
        gdb.Driver.Ask("Hgp1.4");
        gdb.Monitor("ptrace-bp del 1 0");
        Assert.Equal("xxxxxxxxxxxxxxxx", gdb.Driver.Ask(Registers));
        Assert.Equal("[pid 4, gone] is on no CPU: it cannot be resumed by itself\n", Text(gdb.Driver.AskAll("s")[0][1..]));
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.1"));
    }

    [Fact]
    public void The_task_of_an_unplugged_cpu_keeps_its_registers_and_its_shadow_has_none()
    {
        using KernelSession gdb = Start();
        gdb.RunFor(20);
        Assert.Equal("OK", gdb.Driver.Ask("Hgp1.2"));
        string registers = gdb.Driver.Ask("g");
        Assert.Equal("online: 0,2\n", gdb.Monitor("hotplug 1 off"));
        Assert.Equal("mp1.1,p1.2,p1.3,p1.fffffffe,p1.fffffffd,p1.fffffffc", gdb.Driver.Ask("qfThreadInfo"));
        Assert.Equal("guest/1 [pid 2, CPU 1 is offline]", NameOf(gdb, "p1.2"));
        Assert.Equal("shadowCPU1 [offline]", NameOf(gdb, "p1.fffffffd"));
        Assert.Equal(registers, gdb.Driver.Ask("g"));
        gdb.Driver.Ask("Hgp1.fffffffd");
        Assert.Equal("xxxxxxxxxxxxxxxx", gdb.Driver.Ask(Registers));
        Assert.Equal("T02thread:p1.2;", gdb.Driver.AskAll("vCont;s:p1.2;c")[^1]);
        Assert.Equal("T02thread:p1.fffffffd;", gdb.Driver.AskAll("vCont;s:p1.fffffffd")[^1]);
        gdb.RunFor(20);
        gdb.Driver.Ask("Hgp1.2");
        Assert.Equal(registers, gdb.Driver.Ask("g"));
        gdb.Monitor("hotplug 1 on");
        Assert.Equal("guest/1 [pid 2, on CPU 1]", NameOf(gdb, "p1.2"));
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Driver.Ask("vCont;s:p1.2"));
    }

    [Fact]
    public void A_cpu_that_was_not_started_has_no_task_yet()
    {
        using KernelSession gdb = new(hasTasks: true, startsAll: false);
        Assert.Equal("mp1.1,p1.fffffffe,p1.fffffffd,p1.fffffffc", gdb.Driver.Ask("qfThreadInfo"));
        Assert.Equal("shadowCPU1 [waiting for SIPI]", NameOf(gdb, "p1.fffffffd"));
        Assert.Equal("E.no such thread", gdb.Driver.Ask("Tp1.2"));

        // Its registers are those of a reset processor: RIP is FFF0H (SDM vol. 3, table 10-1).
        gdb.Driver.Ask("Hgp1.fffffffd");
        Assert.Equal("f0ff000000000000", gdb.Driver.Ask(Registers));
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        Assert.Contains("thread:p1.1;core:0;", gdb.Continue());
    }

    [Fact]
    public void Nobody_is_promised_to_hear_of_threads_that_begin()
    {
        using KernelSession gdb = Start();
        Assert.DoesNotContain("QThreadEvents", gdb.Driver.Ask("qSupported:QThreadEvents+"));
        Assert.Equal("", gdb.Driver.Ask("QThreadEvents:1"));
        Assert.Contains("QThreadEvents+", new SessionDriver().Ask("qSupported:QThreadEvents+"));
    }

    [Fact]
    public void A_restart_brings_the_first_tasks_back()
    {
        using KernelSession gdb = StartTraced();
        gdb.Driver.Ask("!");
        Assert.StartsWith("T05thread:p1.1;", gdb.Driver.Ask("vRun;"));
        Assert.Equal("mp1.1,p1.2,p1.3,p1.fffffffe,p1.fffffffd,p1.fffffffc", gdb.Driver.Ask("qfThreadInfo"));
        gdb.Monitor($"ptrace-bp add 1 0 0x{KernelSession.Counter:x} 8 w");
        Assert.Equal("tracer [pid 4, sleeping]", NameOf(gdb, "p1.4"));
    }

    private static KernelSession Start() => new(hasTasks: true);

    private static KernelSession StartTraced()
    {
        KernelSession gdb = Start();
        gdb.Monitor($"ptrace-bp add 1 0 0x{KernelSession.Counter:x} 8 w");
        return gdb;
    }

    private static ulong[] Rips(KernelSession gdb) => [.. Enumerable.Range(0, 3).Select(gdb.RipOf)];

    private static string NameOf(KernelSession gdb, string id) => Text(gdb.Driver.Ask("qThreadExtraInfo," + id));

    private static string Text(string hex) => Encoding.UTF8.GetString(Convert.FromHexString(hex));
}
