using System.Text;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Renders a replayed run as a table: a row per step, a column per actor.</summary>
public static class ScheduleTable
{
    private const int ColumnWidthMax = 40;

    /// <summary>The table, with a line of names on top; actors that take no step have no column.</summary>
    public static string Render(ReplayResult replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        string[] actors = [.. replay.Actors.Where(actor => replay.Steps.Any(step => step.Actor == actor))];
        int[] widths = [.. actors.Select(actor => Width(replay, actor))];
        StringBuilder text = new();
        text.Append("step  ");
        for (int i = 0; i < actors.Length; i++)
        {
            text.Append(actors[i].PadRight(widths[i] + 2));
        }

        foreach (StepRecord step in replay.Steps)
        {
            int column = Array.IndexOf(actors, step.Actor);
            if (column >= 0)
            {
                text.Append('\n').Append($"{step.Step,4}  ");
                text.Append(' ', widths.Take(column).Sum(width => width + 2)).Append(Words(step));
            }
        }

        return text.Append('\n').ToString();
    }

    private static int Width(ReplayResult replay, string actor) => Math.Max(actor.Length,
        Math.Min(ColumnWidthMax, replay.Steps.Where(step => step.Actor == actor).Max(step => Words(step).Length)));

    private static string Words(StepRecord step)
    {
        string what = string.Join(' ', new[] { step.Operation, step.Location }.Where(word => word.Length > 0));
        string value = step.Value.Length == 0 ? "" : $" = {step.Value}";
        string line = step.Line is null ? "" : $"  | {step.Line}";
        return what + value + line;
    }
}
