using System.Text.Json;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Target.Tests.Tracing;

/// <summary>A machine's events in the Trace Event Format ("Trace Event Format", Google 2016: ph, ts, pid, tid, args).</summary>
public sealed class MachineTraceWriterTests
{
    [Fact]
    public void Slices_and_instants_are_on_their_cpus_threads()
    {
        using MemoryStream stream = new();
        using (TraceEventWriter writer = new(stream))
        {
            TraceRing ring = new(2);
            MachineTraceWriter trace = new(writer, ring, 2);
            ring.Add(new TraceEvent(5, TraceEventKind.Instant, 0, "dr7", "DR7", null, 0, 1));
            ring.Add(new TraceEvent(7, TraceEventKind.Begin, 1, "trap", "debug", null, 0x1000, 0));
            ring.Add(new TraceEvent(9, TraceEventKind.End, 1, "trap", "debug", "kgdb", 0, 0x4000));
            trace.Drain();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        string[] lines = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray().Select(Line)];
        Assert.Equal(
        [
            "M process_name 1.0 @0 {\"name\":\"machine\"}",
            "M thread_name 1.1 @0 {\"name\":\"CPU 0\"}",
            "M thread_name 1.2 @0 {\"name\":\"CPU 1\"}",
            "i 1 events before this one are lost 1.0 @7 ",
            "B debug 1.2 @7 {\"address\":\"0x1000\"}",
            "E debug 1.2 @9 {\"text\":\"kgdb\",\"dr6\":\"0x4000\"}",
        ], lines);
    }

    private static string Line(JsonElement e) =>
        $"{e.GetProperty("ph")} {e.GetProperty("name")} {e.GetProperty("pid")}.{e.GetProperty("tid")} @{e.GetProperty("ts")} "
        + (e.TryGetProperty("args", out JsonElement args) ? args.GetRawText() : "");
}
