using System.Text.Encodings.Web;
using System.Text.Json;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// Runs in the JSON trace format of Chromium ("Trace Event Format"), which Perfetto opens: a process for each run, a thread for
/// each CPU, a slice for each context and in it for each step, an instant event for the violation. A step lasts a microsecond.
/// </summary>
internal static class PerfettoTrace
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The trace, in UTF-8.</summary>
    public static byte[] Write(IReadOnlyList<Incident> incidents)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("displayTimeUnit", "ns");
            writer.WriteStartArray("traceEvents");
            for (int i = 0; i < incidents.Count; i++)
            {
                WriteRun(writer, incidents[i], i + 1);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteRun(Utf8JsonWriter writer, Incident incident, int process)
    {
        StepRecord[] steps = [.. incident.Steps.Where(step => step.Step >= 0)];
        Lanes lanes = new(steps);
        WriteName(writer, "process_name", process, 0, incident.Case.Name);
        for (int i = 0; i < lanes.All.Count; i++)
        {
            WriteName(writer, "thread_name", process, i + 1, lanes.All[i].Title);
        }

        foreach (ContextSpan span in ContextSpan.Of(steps, lanes))
        {
            long start = steps[span.First].Step;
            Begin(writer, "X", "context", span.Context, process, span.Lane + 1, start);
            writer.WriteNumber("dur", steps[span.Last].Step + 1 - start);
            writer.WriteEndObject();
        }

        foreach (StepRecord step in steps)
        {
            Begin(writer, "X", "step", StepWords.Deed(step), process, lanes.IndexOf(step) + 1, step.Step);
            writer.WriteNumber("dur", 1);
            writer.WriteStartObject("args");
            writer.WriteString("line", step.Line ?? "");
            writer.WriteString("context", step.Context);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (incident.Violation is { } violation)
        {
            int thread = Array.FindLast(steps, step => step.Step == incident.FatalStep) is { } fatal ? lanes.IndexOf(fatal) + 1 : 0;
            Begin(writer, "i", "violation", IncidentText.Headline(incident), process, thread, incident.FatalStep + 1);
            writer.WriteString("s", "p");
            writer.WriteStartObject("args");
            writer.WriteString("property", violation.Property);
            writer.WriteString("message", violation.Message);
            writer.WriteString("replay", incident.ReplayCommand);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private static void WriteName(Utf8JsonWriter writer, string what, int process, int thread, string name)
    {
        Begin(writer, "M", "__metadata", what, process, thread, 0);
        writer.WriteStartObject("args");
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter writer, string phase, string category, string name, int process, int thread, long time)
    {
        writer.WriteStartObject();
        writer.WriteString("ph", phase);
        writer.WriteString("cat", category);
        writer.WriteString("name", name);
        writer.WriteNumber("pid", process);
        writer.WriteNumber("tid", thread);
        writer.WriteNumber("ts", time);
    }
}
