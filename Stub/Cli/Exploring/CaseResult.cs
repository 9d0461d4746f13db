using System.Globalization;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>What the exploration of one variant came to.</summary>
/// <param name="Case">Which.</param>
/// <param name="Options">How it was explored.</param>
/// <param name="Report">What was found.</param>
/// <param name="Seconds">How long this process took over it, in seconds of the wall clock.</param>
/// <param name="Interrupted">Whether the user ended it.</param>
internal sealed record CaseResult(
    ScenarioCase Case, ExplorationOptions Options, ExplorationReport Report, double Seconds, bool Interrupted)
{
    /// <summary>Whether the verdict is the one that the variant is there to show.</summary>
    public bool IsExpected => Case.IsExpected(Report.Verdict);

    /// <summary>The verdict as it is printed and written to files.</summary>
    public string Verdict => Words(Report.Verdict);

    /// <summary>What was left out, for people; empty if nothing was.</summary>
    public string Bound
    {
        get
        {
            if (Report.Verdict == Target.Exploration.Verdict.Exhausted)
            {
                return "";
            }

            string interrupted = Interrupted ? "interrupted" : "";
            string steps = Report.TooLongCount > 0 ? $"{Options.StepCountMax} steps" : "";
            return string.Join(", ", new[] { Report.Bound, steps, interrupted }.Where(part => part.Length > 0));
        }
    }

    /// <summary>One line for people.</summary>
    public string Summary
    {
        get
        {
            string bound = Bound.Length == 0 || Report.Verdict == Target.Exploration.Verdict.Violated ? "" : $" (bound: {Bound})";
            string shard = Report.Shard.Count == 1 ? "" : $" [shard {Report.Shard}]";
            string unexpected = IsExpected ? "" : "  NOT AS EXPECTED";
            return string.Create(CultureInfo.InvariantCulture,
                $"{Case.Name,-14} {Verdict,-9} {Report.ExecutionCount,12:N0} executions {Report.StepCount,14:N0} steps {Seconds,8:F2} s")
                + bound + shard + unexpected;
        }
    }

    /// <summary>A verdict as it is printed and written to files.</summary>
    public static string Words(Verdict verdict) => verdict switch
    {
        Target.Exploration.Verdict.Violated => "violated",
        Target.Exploration.Verdict.Exhausted => "exhausted",
        Target.Exploration.Verdict.Error => "error",
        _ => "bounded",
    };
}
