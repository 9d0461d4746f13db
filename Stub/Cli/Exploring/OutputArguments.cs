using System.CommandLine;

namespace KgdbSim.Cli.Exploring;

/// <summary>The files that 'explore', 'merge' and 'replay' write besides what they print.</summary>
internal sealed class OutputArguments
{
    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the results as JSON.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write one self-contained page with a picture of each violation.",
        HelpName = "FILE.html",
    };

    private readonly Option<string?> _perfetto = new("--perfetto")
    {
        Description = "Write the violations as a trace that ui.perfetto.dev opens.",
        HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_json, _report, _perfetto])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Says before the work, not after, that a file cannot be written.</summary>
    /// <exception cref="UsageException">One cannot.</exception>
    public void Check(ParseResult parsed)
    {
        foreach (Option<string?> option in (Option<string?>[])[_json, _report, _perfetto])
        {
            OutputFile.Check(parsed.GetValue(option));
        }
    }

    /// <summary>Writes those asked for.</summary>
    /// <exception cref="UsageException">One cannot be written.</exception>
    public void Write(
        ParseResult parsed, string title, Func<byte[]> json, IReadOnlyList<CaseResult> results, IReadOnlyList<Incident> incidents)
    {
        WriteIf(parsed.GetValue(_json), json);
        WriteIf(parsed.GetValue(_report), () => HtmlReport.Write(title, results, incidents));
        WriteIf(parsed.GetValue(_perfetto), () => PerfettoTrace.Write(incidents));
    }

    private static void WriteIf(string? path, Func<byte[]> content)
    {
        if (path is not null)
        {
            OutputFile.Write(path, content());
        }
    }
}
