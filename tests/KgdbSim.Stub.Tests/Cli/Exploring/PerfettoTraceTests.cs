using System.Text.Json;
using KgdbSim.Cli.Exploring;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>The rules of the format: "Trace Event Format" (Chromium), the JSON that Perfetto imports.</summary>
public sealed class PerfettoTraceTests
{
    private readonly JsonElement[] _events;

    public PerfettoTraceTests()
    {
        Incident nested = TestScenario.Made(
            TestScenario.At(0, 0, "task", "x", "x = 1;"),
            TestScenario.At(1, 0, "hardirq", "x", null),
            TestScenario.At(2, 0, "NMI", "x", null),
            TestScenario.At(3, 1, "C1", "x", null),
            TestScenario.At(4, 0, "hardirq", "x", null),
            TestScenario.At(5, 0, "task", "x", null));
        using JsonDocument document = JsonDocument.Parse(PerfettoTrace.Write([TestScenario.LostIncrementIncident(), nested]));
        _events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray().Select(item => item.Clone())];
    }

    [Fact]
    public void Every_event_has_what_its_phase_needs() => Assert.All(_events, item =>
    {
        string phase = item.GetProperty("ph").GetString()!;
        Assert.Contains(phase, (string[])["M", "X", "i"]);
        Assert.NotEmpty(item.GetProperty("name").GetString()!);
        Assert.True(item.GetProperty("pid").GetInt32() >= 1 && item.GetProperty("tid").GetInt32() >= 0);
        Assert.True(item.GetProperty("ts").GetInt64() >= 0);
        Assert.True(phase != "X" || item.GetProperty("dur").GetInt64() >= 1);
        Assert.True(phase != "i" || item.GetProperty("s").GetString() == "p");
    });

    [Fact]
    public void A_run_is_a_process_and_a_cpu_a_thread()
    {
        Assert.Equal(["XS-90/bad", "XS-90/bad"], Names("process_name"));
        Assert.Equal(["CPU 0", "CPU 1", "CPU 0", "CPU 1"], Names("thread_name"));
    }

    [Fact]
    public void Slices_of_a_thread_nest()
    {
        foreach (IGrouping<(int, int), JsonElement> thread in _events.Where(item => $"{item.GetProperty("ph")}" == "X")
            .GroupBy(item => (item.GetProperty("pid").GetInt32(), item.GetProperty("tid").GetInt32())))
        {
            (long Start, long End)[] slices = [.. thread.Select(Extent)];
            Assert.All(slices, a => Assert.All(slices, b => Assert.True(
                a.End <= b.Start || b.End <= a.Start || (a.Start <= b.Start && b.End <= a.End) || (b.Start <= a.Start && a.End <= b.End),
                $"{a} and {b} overlap")));
        }
    }

    [Fact]
    public void Contexts_hold_their_steps()
    {
        Assert.Equal((0, 6), Context("task"));
        Assert.Equal((1, 5), Context("hardirq"));
        Assert.Equal((2, 3), Context("NMI"));
        Assert.Equal(4 + 6, _events.Count(item => $"{item.GetProperty("cat")}" == "step"));

        (long, long) Context(string name) => Extent(Assert.Single(
            _events, item => $"{item.GetProperty("cat")}" == "context" && $"{item.GetProperty("name")}" == name));
    }

    [Fact]
    public void The_violation_is_an_instant_with_the_command_that_repeats_it()
    {
        JsonElement[] instants = [.. _events.Where(item => $"{item.GetProperty("ph")}" == "i")];
        Assert.Equal([4L, 6L], instants.Select(item => item.GetProperty("ts").GetInt64()));
        Assert.All(instants, item => Assert.StartsWith("kgdbsim replay kgs1:", $"{item.GetProperty("args").GetProperty("replay")}"));
    }

    private static (long Start, long End) Extent(JsonElement slice)
    {
        long start = slice.GetProperty("ts").GetInt64();
        return (start, start + slice.GetProperty("dur").GetInt64());
    }

    private string[] Names(string metadata) =>
    [
        .. _events.Where(item => $"{item.GetProperty("name")}" == metadata)
            .Select(item => $"{item.GetProperty("args").GetProperty("name")}"),
    ];
}
