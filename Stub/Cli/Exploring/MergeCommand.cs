using System.CommandLine;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>kgdbsim merge</c>: the results of all shards of an exploration as one.</summary>
internal sealed class MergeCommand : ICliCommand
{
    private readonly OutputArguments _outputs = new();
    private readonly ResultExit _exit = new();

    private readonly Argument<string[]> _files = new("RESULT")
    {
        Description = "The files that 'explore --shard K/N --result FILE' wrote, one of each shard, in any order.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("merge", "Put the results of an exploration's shards together.");
        command.Arguments.Add(_files);
        _exit.AddTo(command);
        _outputs.AddTo(command);
        command.SetAction(Merge);
        return command;
    }

    private int Merge(ParseResult parsed)
    {
        _outputs.Check(parsed);
        TextWriter output = parsed.InvocationConfiguration.Output;
        List<CaseResult> results = Read(parsed.GetValue(_files)!);
        List<Incident> incidents = [];
        foreach (CaseResult result in results)
        {
            output.WriteLine(result.Summary);
            foreach (Incident incident in Incident.Of(result))
            {
                IncidentText.Write(incident, output, IncidentText.WidthOfOutput);
                incidents.Add(incident);
            }
        }

        _outputs.Write(parsed, "kgdbsim merge", () => ResultJson.Write(results), results, incidents);
        return _exit.Of(parsed, results);
    }

    /// <exception cref="UsageException">A file cannot be read, or they don't make up a whole.</exception>
    private static List<CaseResult> Read(string[] files)
    {
        ScenarioSelection selection = new(new ScenarioCatalogue().All);
        Dictionary<string, List<(ExplorationReport Report, double Seconds)>> parts = [];
        foreach (string path in files)
        {
            foreach (FileRecord record in RecordFile.Results.Read(path))
            {
                ExplorationReport report = ReadReport(path, record);
                if (!parts.TryGetValue(report.Program, out List<(ExplorationReport Report, double Seconds)>? list))
                {
                    parts.Add(report.Program, list = []);
                }

                list.Add((report, record.Seconds));
            }
        }

        return [.. parts.Select(part => Merge(selection.OfProgram(part.Key), part.Value))];
    }

    private static ExplorationReport ReadReport(string path, FileRecord record)
    {
        try
        {
            return ResultFile.Read(record.Content);
        }
        catch (ResultFileException refused)
        {
            throw new UsageException($"{path}: {refused.Message} ({refused.Error})");
        }
    }

    private static CaseResult Merge(ScenarioCase which, List<(ExplorationReport Report, double Seconds)> parts)
    {
        try
        {
            ExplorationReport whole = ResultFile.Merge([.. parts.Select(part => part.Report)]);
            ExplorationOptions options = new() { StepCountMax = which.Scenario.Bounds.StepCountMax };
            return new CaseResult(which, options, whole, parts.Sum(part => part.Seconds), Interrupted: false);
        }
        catch (ResultFileException refused)
        {
            throw new UsageException($"{which.Name}: {refused.Message} ({refused.Error})");
        }
    }
}
