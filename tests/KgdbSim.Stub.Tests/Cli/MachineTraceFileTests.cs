using System.Text.Json;
using KgdbSim.Cli;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Cli;

/// <summary><c>serve --trace FILE.json</c>.</summary>
public sealed class MachineTraceFileTests
{
    [Fact]
    public void Traps_sessions_roundups_and_dr7_of_each_cpu_with_the_packets()
    {
        using KernelSession gdb = new();
        MemoryStream stream = new();
        using (MachineTraceFile file = new(stream, gdb.Target))
        {
            gdb.Point("Z2", KernelSession.Counter, 8);
            gdb.Monitor($"perf-bp add 1 0x{KernelSession.Counter:x} 4 w");
            file.Received("vCont;c"u8);
            gdb.Continue();
            file.Sent("T05watch\\"u8);
            gdb.Monitor("reset");
            gdb.Point("Z2", KernelSession.Counter, 8);
            gdb.Continue();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(
            ["CPU 0", "CPU 1", "CPU 2"],
            Of(events, "M", "thread_name").Select(e => e.GetProperty("args").GetProperty("name").GetString()));

        // A session is inside the trap it is about, on the same thread; every other CPU is in an NMI.
        JsonElement session = Of(events, "B", "kgdb").First(e => Text(e) == "write watchpoint");
        int at = Array.FindIndex(events, e => e.Equals(session));
        JsonElement trap = events[..at].Last(e => Thread(e) == Thread(session) && e.GetProperty("ph").GetString() == "B");
        Assert.Equal("debug", trap.GetProperty("name").GetString());
        Assert.Equal($"0x{KernelSession.Counter:x}", session.GetProperty("args").GetProperty("address").GetString());
        Assert.True(Of(events, "B", "nmi").Count() >= 2);
        Assert.NotEmpty(Of(events, "i", "NMI roundup"));

        // G0, GE, bit 10; RW0 = 1, LEN0 = 2 (SDM vol. 3, 18.2.4): kgdb's on a CPU without perf's.
        string?[] dr7 = [.. Of(events, "i", "DR7").Select(e => e.GetProperty("args").GetProperty("dr7").GetString())];
        Assert.Contains("0x400", dr7);
        Assert.Contains("0x90602", dr7);
        Assert.Single(Of(events, "i", "> vCont;c"));
        Assert.Single(Of(events, "i", "< T05watch\\x5c"));
        Assert.Equal(2, Of(events, "B", "kgdb").Count(e => Text(e) == "write watchpoint"));
    }

    [Fact]
    public void What_ends_has_begun()
    {
        using KernelSession gdb = new();
        MemoryStream stream = new();
        using (MachineTraceFile file = new(stream, gdb.Target))
        {
            gdb.Monitor($"perf-bp add all 0x{KernelSession.Counter:x} 4 w");
            gdb.RunFor(20);
            gdb.RunFor(20);
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Dictionary<int, Stack<string>> open = [];
        long last = 0;
        foreach (JsonElement e in document.RootElement.GetProperty("traceEvents").EnumerateArray())
        {
            if (e.GetProperty("ph").GetString() is not ("B" or "E"))
            {
                continue;
            }

            string name = e.GetProperty("name").GetString()!;
            Stack<string> stack = open.TryGetValue(Thread(e), out Stack<string>? known) ? known : open[Thread(e)] = new();
            if (e.GetProperty("ph").GetString() == "B")
            {
                stack.Push(name);
            }
            else
            {
                Assert.Equal(stack.Pop(), name);
            }

            Assert.InRange(e.GetProperty("ts").GetInt64(), last, long.MaxValue);
            last = e.GetProperty("ts").GetInt64();
        }

        Assert.Equal(3, open.Count);
        Assert.NotEqual(0, last);
    }

    private static IEnumerable<JsonElement> Of(JsonElement[] events, string phase, string name) =>
        events.Where(e => e.GetProperty("ph").GetString() == phase && e.GetProperty("name").GetString() == name);

    private static int Thread(JsonElement e) => e.GetProperty("tid").GetInt32();

    private static string? Text(JsonElement e) =>
        e.TryGetProperty("args", out JsonElement args) && args.TryGetProperty("text", out JsonElement text) ? text.GetString() : null;
}
