using System.Text.Encodings.Web;
using System.Text.Json;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// Results for programs: an array of <c>{id, variant, verdict, property, executions, steps, seconds, bound, token}</c>, where
/// property and token are null if nothing went wrong and bound is empty if nothing was left out.
/// </summary>
internal static class ResultJson
{
    private static readonly JsonWriterOptions Options =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The array, in UTF-8.</summary>
    public static byte[] Write(IEnumerable<CaseResult> results)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartArray();
            foreach (CaseResult result in results)
            {
                WriteMembers(writer, result);
            }

            writer.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, CaseResult result)
    {
        ExplorationReport report = result.Report;
        Counterexample? found = report.Counterexamples.Count == 0 ? null : report.Counterexamples[0];
        writer.WriteStartObject();
        writer.WriteString("id", result.Case.Scenario.Id);
        writer.WriteString("variant", result.Case.Variant.Name);
        writer.WriteString("verdict", result.Verdict);
        writer.WriteString("property", report.Error ?? found?.Violation.Property);
        writer.WriteNumber("executions", report.ExecutionCount);
        writer.WriteNumber("steps", report.StepCount);
        writer.WriteNumber("seconds", Math.Round(result.Seconds, 6));
        writer.WriteString("bound", result.Bound);
        writer.WriteString("token", (report.Error is null ? found?.Token : report.ErrorToken)?.ToString());
        writer.WriteEndObject();
    }
}
