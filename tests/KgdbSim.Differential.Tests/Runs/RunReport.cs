using System.Text;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>What a run came to, as text.</summary>
internal static class RunReport
{
    private const int ListedMax = 25;

    public static string Summary(DifferentialRun run, RunOptions options)
    {
        var text = new StringBuilder($"seed {options.Seed}: {run.Compared} snippets compared");
        foreach ((string reason, int count) in run.Skipped.OrderByDescending(pair => pair.Value).Take(12))
        {
            text.Append($"\n  left out: {count}, {reason}");
        }

        return text.ToString();
    }

    /// <summary>Every kind of disagreement with its simplest example.</summary>
    public static string Failure(DifferentialRun run, RunOptions options, string test)
    {
        var text = new StringBuilder();
        text.Append($"{run.Kinds.Count} kinds of disagreement with the host, {run.Compared} snippets compared.\n");
        text.Append($"To see them again: {options.Reproduce(test)}\n");
        foreach ((string signature, Disagreement disagreement) in run.Kinds.Take(ListedMax))
        {
            text.Append($"* {signature} ({run.CountOf(signature)} times)\n{Listing.Of(disagreement)}");
        }

        if (run.Kinds.Count > ListedMax)
        {
            text.Append($"and {run.Kinds.Count - ListedMax} more: set {RunOptions.ReportVariable} to a file that is to have them all\n");
        }

        return text.ToString();
    }

    /// <summary>The same without an end, to a file.</summary>
    public static void Append(string path, DifferentialRun run, RunOptions options, string test)
    {
        var text = new StringBuilder($"## {test}: {Summary(run, options)}\n");
        foreach ((string signature, Disagreement disagreement) in run.Kinds)
        {
            text.Append($"* {signature} ({run.CountOf(signature)} times)\n{Listing.Of(disagreement)}");
        }

        File.AppendAllText(path, text.ToString());
    }
}
