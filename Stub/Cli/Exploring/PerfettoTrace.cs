using KgdbSim.Target.Scheduling.Steps;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// Runs in the JSON trace format of Chromium ("Trace Event Format"), which Perfetto opens: a process for each run, a thread for
/// each CPU, a slice for each context and in it for each step, an instant event for the violation. A step lasts a microsecond.
/// </summary>
internal static class PerfettoTrace
{
    /// <summary>The trace, in UTF-8.</summary>
    public static byte[] Write(IReadOnlyList<Incident> incidents)
    {
        using MemoryStream stream = new();
        using (TraceEventWriter writer = new(stream))
        {
            for (int i = 0; i < incidents.Count; i++)
            {
                WriteRun(writer, incidents[i], i + 1);
            }
        }

        return stream.ToArray();
    }

    private static void WriteRun(TraceEventWriter writer, Incident incident, int process)
    {
        StepRecord[] steps = [.. incident.Steps.Where(step => step.Step >= 0)];
        Lanes lanes = new(steps);
        writer.NameProcess(process, incident.Case.Name);
        for (int i = 0; i < lanes.All.Count; i++)
        {
            writer.NameThread(process, i + 1, lanes.All[i].Title);
        }

        foreach (ContextSpan span in ContextSpan.Of(steps, lanes))
        {
            long start = steps[span.First].Step;
            writer.Slice("context", span.Context, process, span.Lane + 1, start, steps[span.Last].Step + 1 - start);
        }

        foreach (StepRecord step in steps)
        {
            writer.Slice("step", StepWords.Deed(step), process, lanes.IndexOf(step) + 1, step.Step, 1,
                [new TraceArgument("line", step.Line ?? ""), new TraceArgument("context", step.Context)]);
        }

        if (incident.Violation is { } violation)
        {
            int thread = Array.FindLast(steps, step => step.Step == incident.FatalStep) is { } fatal ? lanes.IndexOf(fatal) + 1 : 0;
            writer.Instant("violation", IncidentText.Headline(incident), process, thread, incident.FatalStep + 1, true,
            [
                new TraceArgument("property", violation.Property),
                new TraceArgument("message", violation.Message),
                new TraceArgument("replay", incident.ReplayCommand),
            ]);
        }
    }
}
