using System.Text.Json;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>A report as members of a JSON object, both ways.</summary>
internal static class ReportJson
{
    public static void Write(Utf8JsonWriter writer, ExplorationReport report)
    {
        writer.WriteString("program", report.Program);
        writer.WriteString("options", report.Options);
        writer.WriteNumber("shardIndex", report.Shard.Index);
        writer.WriteNumber("shardCount", report.Shard.Count);
        writer.WriteString("verdict", report.Verdict.ToString());
        writer.WriteBoolean("finished", report.IsFinished);
        writer.WriteString("bound", report.Bound);
        writer.WriteNumber("executions", report.ExecutionCount);
        writer.WriteNumber("redundant", report.RedundantCount);
        writer.WriteNumber("tooLong", report.TooLongCount);
        writer.WriteNumber("steps", report.StepCount);
        writer.WriteNumber("longest", report.LongestRun);
        writer.WriteString("error", report.Error);
        writer.WriteString("errorToken", report.ErrorToken?.ToString());
        writer.WriteBoolean("outcomesOverflowed", report.OutcomesOverflowed);
        writer.WriteStartObject("outcomes");
        foreach ((string outcome, long count) in report.Outcomes)
        {
            writer.WriteNumber(outcome, count);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("counterexamples");
        foreach (Counterexample found in report.Counterexamples)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", found.Violation.Kind.ToString());
            writer.WriteString("property", found.Violation.Property);
            writer.WriteString("message", found.Violation.Message);
            writer.WriteString("token", found.Token.ToString());
            writer.WriteNumber("execution", found.Execution);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <exception cref="FormatException">Something in it makes no sense.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="InvalidOperationException">A member has the wrong type.</exception>
    public static ExplorationReport Read(JsonElement json)
    {
        int shardCount = json.GetProperty("shardCount").GetInt32();
        int shardIndex = json.GetProperty("shardIndex").GetInt32();
        if (shardCount < 1 || shardIndex < 0 || shardIndex >= shardCount)
        {
            throw new FormatException($"There is no shard {shardIndex} of {shardCount}.");
        }

        return new ExplorationReport
        {
            Program = json.GetProperty("program").GetString() ?? "",
            Options = json.GetProperty("options").GetString() ?? "",
            Shard = new Shard(shardIndex, shardCount),
            Verdict = Enum.Parse<Verdict>(json.GetProperty("verdict").GetString() ?? ""),
            IsFinished = json.GetProperty("finished").GetBoolean(),
            Bound = json.GetProperty("bound").GetString() ?? "",
            ExecutionCount = json.GetProperty("executions").GetInt64(),
            RedundantCount = json.GetProperty("redundant").GetInt64(),
            TooLongCount = json.GetProperty("tooLong").GetInt64(),
            StepCount = json.GetProperty("steps").GetInt64(),
            LongestRun = json.GetProperty("longest").GetInt64(),
            Error = json.GetProperty("error").GetString(),
            ErrorToken = json.GetProperty("errorToken").GetString() is { } text ? ReadToken(text) : null,
            OutcomesOverflowed = json.GetProperty("outcomesOverflowed").GetBoolean(),
            Outcomes = [.. json.GetProperty("outcomes").EnumerateObject()
                .Select(outcome => KeyValuePair.Create(outcome.Name, outcome.Value.GetInt64()))],
            Counterexamples = [.. json.GetProperty("counterexamples").EnumerateArray().Select(ReadCounterexample)],
        };
    }

    private static Counterexample ReadCounterexample(JsonElement json)
    {
        ScheduleToken token = ReadToken(json.GetProperty("token").GetString() ?? "");
        Violation violation = new(
            Enum.Parse<ViolationKind>(json.GetProperty("kind").GetString() ?? ""),
            json.GetProperty("property").GetString() ?? "",
            json.GetProperty("message").GetString() ?? "");
        return new Counterexample(violation, token, json.GetProperty("execution").GetInt64());
    }

    private static ScheduleToken ReadToken(string text)
    {
        TokenError error = ScheduleToken.TryParse(text, out ScheduleToken? token);
        return token ?? throw new FormatException($"The token '{text}' is damaged: {error}.");
    }
}
