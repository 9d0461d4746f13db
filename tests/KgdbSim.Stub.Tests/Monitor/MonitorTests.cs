using System.Text;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Monitor;

/// <summary>gdb's <c>monitor</c> (qRcmd).</summary>
public sealed class MonitorTests
{
    [Fact]
    public void Help_names_every_command()
    {
        string text = Run("help");
        foreach (string name in (string[])["help", "cpus", "drs", "registers", "memory", "seed", "steps", "reset"])
        {
            Assert.Contains($"  {name} ", text);
        }

        Assert.Equal(text, Run(""));
    }

    [Fact]
    public void Cpus_shows_each_with_its_place()
    {
        string[] lines = Run("cpus").Split('\n');
        Assert.StartsWith("* CPU#0 [running]", lines[0]);
        Assert.StartsWith("  CPU#3 [running]", lines[3]);
        Assert.Contains("rip 0000000000001030", lines[3]);
    }

    [Fact]
    public void Drs_explains_dr7()
    {
        SessionDriver gdb = new();
        int dr7 = gdb.Target.Registers.Find("dr7")!.Number;
        int dr0 = gdb.Target.Registers.Find("dr0")!.Number;

        // L0 and G1; slot 0: write, 4 bytes; slot 1: execute, 1 byte (SDM vol. 3B, 18.2.4).
        gdb.Ask($"P{dr7:x}=09000d0000000000");
        gdb.Ask($"P{dr0:x}=3412000000000000");
        string text = Run("drs", gdb);
        Assert.Contains("dr0 0000000000001234  local, write, 4 bytes", text);
        Assert.Contains("dr1 0000000000000000  global, execute, 1 bytes", text);
        Assert.Contains("dr2 0000000000000000  off", text);
    }

    [Fact]
    public void Numbers_that_repeat_the_run()
    {
        Assert.Equal("42\n", Run("seed"));
        SessionDriver gdb = new();
        gdb.Ask("vCont;s:2");
        Assert.Contains("CPU#1                  1", Run("steps", gdb));
        Assert.Equal("0000000000001000-0000000000020fff  ram     RAM\n", Run("memory", gdb));
    }

    [Fact]
    public void Reset_puts_the_machine_back()
    {
        SessionDriver gdb = new();
        gdb.Ask("vCont;s:1");
        Assert.Contains("stands at reset", Run("reset", gdb));
        Assert.Equal(0x1000ul, gdb.Target.RipOf(0));
    }

    [Fact]
    public void A_command_may_be_shortened_as_long_as_it_is_clear()
    {
        Assert.Equal("42\n", Run("see"));
        Assert.StartsWith("ambiguous command 's'", Run("s"));
        Assert.StartsWith("unknown command 'frobnicate'", Run("frobnicate"));
    }

    [Fact]
    public void Wrong_arguments_are_explained()
    {
        Assert.Equal("'9' is not a CPU: they are 0 to 3; usage: monitor drs [CPU]\n", Run("drs 9"));
        Assert.StartsWith("too many arguments", Run("registers 1 2"));
    }

    [Fact]
    public void Long_output_comes_in_pieces_that_gdb_can_take()
    {
        SessionDriver gdb = new(new FakeTarget(255));
        string[] replies = gdb.AskAll("qRcmd," + Convert.ToHexString("cpus"u8));
        Assert.True(replies.Length > 2);
        Assert.All(replies[..^1], reply => Assert.InRange(reply.Length, 2, 0x2001));
        Assert.Equal("OK", replies[^1]);
    }

    private static string Run(string line, SessionDriver? gdb = null)
    {
        gdb ??= new SessionDriver();
        string[] replies = gdb.AskAll("qRcmd," + Convert.ToHexString(Encoding.UTF8.GetBytes(line)));
        Assert.Equal("OK", replies[^1]);
        string hex = string.Concat(replies[..^1].Select(reply => reply[1..]));
        return Encoding.UTF8.GetString(Convert.FromHexString(hex));
    }
}
