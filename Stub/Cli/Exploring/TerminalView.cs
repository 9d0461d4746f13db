using KgdbSim.Target.Exploration;
using Spectre.Console;

namespace KgdbSim.Cli.Exploring;

/// <summary>A bar for the variant at work, which goes when it is done and leaves its line: for terminals.</summary>
internal sealed class TerminalView(IAnsiConsole console) : IExplorationView
{
    /// <inheritdoc/>
    public CaseResult Watch(ScenarioCase which, Func<ProgressSink, CaseResult> explore)
    {
        CaseResult result = console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new SpinnerColumn())
            .Start(context => Explore(context, which, explore));
        string color = result.Report.Verdict switch
        {
            Verdict.Violated => "red",
            Verdict.Error => "red bold",
            Verdict.Exhausted => "green",
            _ => "yellow",
        };
        console.MarkupLine($"[{color}]{Markup.Escape(result.Summary)}[/]");
        return result;
    }

    private static CaseResult Explore(ProgressContext context, ScenarioCase which, Func<ProgressSink, CaseResult> explore)
    {
        ProgressTask task = context.AddTask(Markup.Escape(which.Name));
        return explore((progress, elapsed) =>
        {
            task.IsIndeterminate = double.IsNaN(progress.FractionDone);
            task.Value = task.IsIndeterminate ? 0 : 100 * progress.FractionDone;
            task.Description = Markup.Escape($"{which.Name}: {PlainView.Words(progress, elapsed)}");
        });
    }
}
