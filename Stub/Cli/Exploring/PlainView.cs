using System.Globalization;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>A line for each finished variant, and a line of progress every few seconds: for pipes and files.</summary>
/// <param name="output">Receives the finished ones.</param>
/// <param name="progress">Receives the progress.</param>
internal sealed class PlainView(TextWriter output, TextWriter progress) : IExplorationView
{
    /// <summary>Below this fraction the guess of what is left is too wild to print.</summary>
    private const double EstimateMin = 0.01;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public CaseResult Watch(ScenarioCase which, Func<ProgressSink, CaseResult> explore)
    {
        TimeSpan next = Interval;
        CaseResult result = explore(Show);
        output.WriteLine(result.Summary);
        output.Flush();
        return result;

        void Show(ExplorationProgress progressed, TimeSpan elapsed)
        {
            if (elapsed >= next)
            {
                next = elapsed + Interval;
                progress.WriteLine($"{which.Name}: {Words(progressed, elapsed)}");
            }
        }
    }

    /// <summary>Progress in words: "1,234 executions, 500/s, frontier 12, about 30 % done, 10 s left, 4 s".</summary>
    public static string Words(ExplorationProgress progress, TimeSpan elapsed)
    {
        double rate = elapsed > TimeSpan.Zero ? progress.ExecutionCount / elapsed.TotalSeconds : 0;
        string frontier = progress.FrontierCount == 0 ? "" : $", frontier {progress.FrontierCount}";
        double fraction = progress.FractionDone;
        double left = elapsed.TotalSeconds * (1 - fraction) / fraction;
        string estimate = double.IsNaN(fraction)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", about {100 * fraction:F0} % done")
                + (fraction < EstimateMin ? "" : string.Create(CultureInfo.InvariantCulture, $", {left:F0} s left"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{progress.ExecutionCount:N0} executions, {rate:N0}/s{frontier}{estimate}, {elapsed.TotalSeconds:F0} s");
    }
}
