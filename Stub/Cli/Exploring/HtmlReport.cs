using System.Globalization;
using System.Text;
using System.Xml.Linq;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// Results and violations as one page that needs nothing else: no script, no font, no network. It is well-formed XML below
/// its first line.
/// </summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --back: #fff; --text: #1c2024; --soft: #666f7a; --lane: #f3f5f7; --box: #fff;
          --edge: #b9c2cc; --frame1: #e3ebf5; --frame2: #d3e0f0; --frame3: #c2d5eb; --bad: #b3261e; --bad-back: #fbe4e2;
          --good: #1b6e3c; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e4e8ec; --soft: #98a2ad; --lane: #1c2125;
          --box: #262c32; --edge: #47515b; --frame1: #202a36; --frame2: #273647; --frame3: #2f4359; --bad: #ff8a80;
          --bad-back: #4a1f1c; --good: #7fd6a0; } }
        body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 24px; }
        h1 { font-size: 22px; } h2 { font-size: 18px; margin-top: 40px; }
        code, td.schedule, svg text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; }
        table { border-collapse: collapse; } th, td { border: 1px solid var(--edge); padding: 3px 8px; text-align: left;
          vertical-align: top; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; } .violated, .error { color: var(--bad); } .exhausted, .bounded { color: var(--good); }
        .soft { color: var(--soft); } tr.fatal td { background: var(--bad-back); } code { overflow-wrap: anywhere; }
        svg text { fill: var(--text); } svg .lane { fill: var(--lane); } svg .lane-title { font-weight: bold; }
        svg .frame { fill: var(--frame1); stroke: var(--edge); } svg .depth1 .frame { fill: var(--frame2); }
        svg .depth2 .frame, svg .depth3 .frame { fill: var(--frame3); } svg .step-box { fill: var(--box); stroke: var(--edge); }
        svg .line, svg .number, svg .context-name { fill: var(--soft); } svg .fatal .step-box { stroke: var(--bad);
          stroke-width: 2.5; } svg .fatal-box { fill: var(--bad-back); stroke: var(--bad); }
        svg .fatal-text { fill: var(--bad); font-weight: bold; }
        """;

    /// <summary>The page, in UTF-8.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="results">A table of these comes first, if there are any.</param>
    /// <param name="incidents">Each gets a picture and a table.</param>
    public static byte[] Write(string title, IReadOnlyList<CaseResult> results, IReadOnlyList<Incident> incidents)
    {
        XElement body = new("body", new XElement("h1", Clean(title)));
        if (results.Count > 0)
        {
            body.Add(new XElement("div", new XAttribute("class", "scroll"), ResultTable(results)));
        }

        for (int i = 0; i < incidents.Count; i++)
        {
            body.Add(Section(incidents[i], i));
        }

        XElement page = new("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width")),
                new XElement("title", Clean(title)),
                new XElement("style", Style)),
            body);
        return Encoding.UTF8.GetBytes("<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n");
    }

    private static XElement ResultTable(IReadOnlyList<CaseResult> results)
    {
        string[] columns = ["scenario", "variant", "verdict", "executions", "steps", "seconds", "bound"];
        XElement table = new("table", new XElement("tr", columns.Select(column => new XElement("th", column))));
        foreach (CaseResult result in results)
        {
            table.Add(new XElement("tr",
                new XElement("td", result.Case.Scenario.Id),
                new XElement("td", result.Case.Variant.Name),
                new XElement("td", new XAttribute("class", result.Verdict), result.Verdict + (result.IsExpected ? "" : " (not as expected)")),
                Figure(result.Report.ExecutionCount.ToString("N0", CultureInfo.InvariantCulture)),
                Figure(result.Report.StepCount.ToString("N0", CultureInfo.InvariantCulture)),
                Figure(result.Seconds.ToString("F2", CultureInfo.InvariantCulture)),
                new XElement("td", result.Bound)));
        }

        return table;
    }

    private static XElement Section(Incident incident, int index)
    {
        string headline = IncidentText.Headline(incident);
        XElement section = new("section", new XAttribute("id", $"incident{index}"),
            new XElement("h2", $"{incident.Case.Name}: ",
                new XElement("span", new XAttribute("class", incident.Violation is null ? "exhausted" : "violated"), Clean(headline))),
            new XElement("p", Clean(incident.Sentence)));
        if (incident.Violation is { } violation && violation.Message != incident.Sentence)
        {
            section.Add(new XElement("p", Clean(violation.Message)));
        }

        section.Add(
            new XElement("p", new XAttribute("class", "soft"),
                Clean($"{incident.Case.Scenario.Participants}. Cure: {incident.Case.Scenario.Cure}.")),
            new XElement("p", "Replay: ", new XElement("code", incident.ReplayCommand)));
        if (!incident.Steps.Any(step => step.Step >= 0))
        {
            section.Add(new XElement("p", "It is so before the first step."));
            return section;
        }

        section.Add(
            new XElement("div", new XAttribute("class", "scroll"), TimelineSvg.Draw(incident, $"{incident.Case.Name}: {headline}")),
            new XElement("h3", "Step by step"),
            new XElement("div", new XAttribute("class", "scroll"), Schedule(incident)));
        return section;
    }

    private static XElement Schedule(Incident incident)
    {
        Lanes lanes = new(incident.Steps);
        XElement table = new("table",
            new XElement("tr", new XElement("th", "step"), lanes.All.Select(lane => new XElement("th", Clean(lane.Title)))));
        foreach (StepRecord step in incident.Steps.Where(step => step.Step >= 0))
        {
            int own = lanes.IndexOf(step);
            XElement row = new("tr", Figure(step.Step.ToString(CultureInfo.InvariantCulture)));
            if (incident.Violation is not null && step.Step == incident.FatalStep)
            {
                row.Add(new XAttribute("class", "fatal"));
            }

            for (int lane = 0; lane < lanes.All.Count; lane++)
            {
                row.Add(new XElement("td", new XAttribute("class", "schedule"), lane == own ? Cell(step, lanes.All[lane]) : ""));
            }

            table.Add(row);
        }

        return table;
    }

    private static object[] Cell(StepRecord step, Lane lane)
    {
        string who = lane.IsShared ? $"[{step.Context}] " : "";
        string deed = Clean(who + StepWords.Deed(step));
        return step.Line is null
            ? [deed]
            : [deed, new XElement("br"), new XElement("span", new XAttribute("class", "soft"), Clean(step.Line))];
    }

    private static XElement Figure(string text) => new("td", new XAttribute("class", "number"), text);

    private static string Clean(string text) => TimelineSvg.Clean(text);
}
