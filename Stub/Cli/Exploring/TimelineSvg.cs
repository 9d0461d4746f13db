using System.Globalization;
using System.Xml.Linq;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>The picture of a run as SVG: see <see cref="TimelineLayout"/>. Everything has a title that shows on hovering.</summary>
internal static class TimelineSvg
{
    /// <summary>What the bar with the violation begins with.</summary>
    public const string FatalMark = "✖ ";

    /// <summary>Draws an incident.</summary>
    /// <param name="incident">Whose steps.</param>
    /// <param name="description">What readers of the page hear who cannot see it.</param>
    public static XElement Draw(Incident incident, string description)
    {
        TimelineLayout layout = new(incident);
        XElement svg = new("svg",
            new XAttribute("class", "timeline"),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", Clean(description)),
            new XAttribute("width", Number(layout.Width)),
            new XAttribute("height", Number(layout.Height)),
            new XAttribute("viewBox", $"0 0 {Number(layout.Width)} {Number(layout.Height)}"));
        for (int i = 0; i < layout.Lanes.Count; i++)
        {
            svg.Add(Rectangle(layout.LaneBox(i), "lane"), Text(layout.TitleBox(i), layout.Lanes[i].Title, "lane-title", 0));
        }

        for (int i = 0; i < layout.Spans.Count; i++)
        {
            svg.Add(Frame(layout, i));
        }

        for (int i = 0; i < layout.Steps.Count; i++)
        {
            svg.Add(Step(layout, i));
        }

        if (layout.Fatal is { } bar)
        {
            string headline = IncidentText.Headline(incident);
            svg.Add(new XElement("g", new XAttribute("class", "fatal-bar"),
                Title($"{headline}\n{incident.Violation!.Message}"),
                Rectangle(bar, "fatal-box"),
                Text(bar, FatalMark + headline, "fatal-text", 0)));
        }

        return svg;
    }

    /// <summary>The text without characters that XML cannot have.</summary>
    public static string Clean(string text) =>
        string.Concat(text.Select(c => c is '\n' or '\t' || !char.IsControl(c) && !char.IsSurrogate(c) && c < '\ufffe' ? c : '\ufffd'));

    private static XElement Frame(TimelineLayout layout, int index)
    {
        ContextSpan span = layout.Spans[index];
        Box box = layout.FrameBox(index);
        XElement frame = new("g", new XAttribute("class", $"context depth{Math.Min(span.Depth, 3)}"),
            Title($"{span.Context}, steps {layout.Steps[span.First].Step} to {layout.Steps[span.Last].Step}"),
            Rectangle(box, "frame"));
        if (layout.HasLabel(index))
        {
            Box label = box with { Height = TimelineLayout.LineHeight + 2 };
            frame.Add(Text(label, span.Context, "context-name", -4));
        }

        return frame;
    }

    private static XElement Step(TimelineLayout layout, int index)
    {
        StepRecord step = layout.Steps[index];
        Box box = layout.StepBox(index);
        string kind = index == layout.FatalIndex ? "step fatal" : "step";
        string line = step.Line is null ? "" : $"\n{step.Line}";
        XElement group = new("g", new XAttribute("class", kind), new XAttribute("data-step", step.Step),
            Title($"step {step.Step}, {step.Context}: {StepWords.Deed(step)}{line}"),
            Rectangle(box, "step-box"));
        IReadOnlyList<string> lines = TimelineLayout.Lines(step);
        for (int i = 0; i < lines.Count; i++)
        {
            Box place = box with
            {
                Y = box.Y + (i * TimelineLayout.LineHeight),
                Height = TimelineLayout.LineHeight + (2 * TimelineLayout.Padding),
            };
            group.Add(Text(place, lines[i], i == 0 ? "deed" : "line", 0));
        }

        group.Add(Text(layout.NumberBox(index), step.Step.ToString(CultureInfo.InvariantCulture), "number", 0));
        return group;
    }

    private static XElement Rectangle(Box box, string kind) => new("rect",
        new XAttribute("class", kind),
        new XAttribute("x", Number(box.X)),
        new XAttribute("y", Number(box.Y)),
        new XAttribute("width", Number(box.Width)),
        new XAttribute("height", Number(box.Height)),
        new XAttribute("rx", "4"));

    private static XElement Text(Box box, string text, string kind, double shift)
    {
        string fitting = TimelineLayout.Fit(Clean(text.ReplaceLineEndings(" ")), box.Width);
        return new XElement("text",
            new XAttribute("class", kind),
            new XAttribute("x", Number(box.X + TimelineLayout.Padding)),
            new XAttribute("y", Number(box.Y + TimelineLayout.LineHeight + shift + 1)),
            new XAttribute("textLength", Number(Math.Max(1, fitting.Length * TimelineLayout.CharWidth))),
            new XAttribute("lengthAdjust", "spacingAndGlyphs"),
            fitting);
    }

    private static XElement Title(string text) => new("title", Clean(text));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
