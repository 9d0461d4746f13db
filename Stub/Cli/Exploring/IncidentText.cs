using System.Globalization;
using KgdbSim.Target.Scheduling.Steps;
using Spectre.Console;

namespace KgdbSim.Cli.Exploring;

/// <summary>A violation for people: what, the schedule as a table with a column for each CPU, and how to see it again.</summary>
internal static class IncidentText
{
    private const int LaneWidth = 62;
    private const int StepWidth = 12;

    /// <summary>How wide lines may get on this process's standard output.</summary>
    public static int WidthOfOutput => Console.IsOutputRedirected ? int.MaxValue : Math.Max(80, Console.WindowWidth);

    /// <summary>Prints all of it.</summary>
    /// <param name="incident">The violation.</param>
    /// <param name="output">Receives it.</param>
    /// <param name="widthMax">The most columns a line may have; the table folds its cells to fit.</param>
    public static void Write(Incident incident, TextWriter output, int widthMax)
    {
        output.WriteLine($"{incident.Case.Name}: {Headline(incident)}");
        output.WriteLine($"  {incident.Sentence}");
        if (incident.Violation is { } violation && violation.Message != incident.Sentence)
        {
            output.WriteLine($"  {violation.Message}");
        }

        if (incident.Divergence is { } divergence)
        {
            output.WriteLine($"  the program could not follow the token: {divergence}");
        }

        WriteTable(incident, output, widthMax);
        output.WriteLine($"  {incident.ReplayCommand}");
        output.WriteLine();
    }

    /// <summary>The table alone.</summary>
    public static void WriteTable(Incident incident, TextWriter output, int widthMax)
    {
        Lanes lanes = new(incident.Steps);
        Table table = new() { Border = TableBorder.Ascii2, ShowRowSeparators = false };
        table.AddColumn(new TableColumn("step").RightAligned().NoWrap());
        foreach (Lane lane in lanes.All)
        {
            table.AddColumn(new TableColumn(Markup.Escape(lane.Title)));
        }

        foreach (StepRecord step in incident.Steps.Where(step => step.Step >= 0))
        {
            string[] row = new string[lanes.All.Count + 1];
            Array.Fill(row, "");
            string mark = step.Step == incident.FatalStep && incident.Violation is not null ? "=> " : "";
            row[0] = mark + step.Step.ToString(CultureInfo.InvariantCulture);
            int lane = lanes.IndexOf(step);
            row[lane + 1] = Cell(step, lanes.All[lane]);
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (table.Rows.Count > 0)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(output),
            });
            console.Profile.Width = Math.Min(widthMax, StepWidth + (lanes.All.Count * LaneWidth));
            console.Write(table);
        }
    }

    /// <summary>What went wrong, in a few words.</summary>
    public static string Headline(Incident incident) => incident.Violation is not { } violation
        ? "no property is violated"
        : violation.Kind switch
        {
            ViolationKind.StateProperty => $"violated: {violation.Property}",
            ViolationKind.EndProperty => $"violated at the end: {violation.Property}",
            ViolationKind.TaskThrew => $"error: {violation.Property}",
            _ => violation.Property == "deadlock" || violation.Property == "livelock"
                ? $"violated: no {violation.Property}"
                : $"violated: {violation.Property}",
        };

    private static string Cell(StepRecord step, Lane lane)
    {
        string who = lane.IsShared ? $"[{step.Context}] " : "";
        string line = step.Line is null ? "" : $"\n{step.Line}";
        return who + StepWords.Deed(step) + line;
    }
}
