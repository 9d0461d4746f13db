using System.CommandLine;
using System.Runtime.InteropServices;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using Spectre.Console;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>kgdbsim explore</c>: scenarios in every order in which their steps can happen.</summary>
internal sealed class ExploreCommand : ICliCommand
{
    private readonly ExploreArguments _arguments = new();
    private readonly OutputArguments _outputs = new();
    private readonly ResultExit _exit = new();

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "Go on from this file if it is there; write to it every few seconds, when a variant is done, and at Ctrl-C.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _result = new("--result")
    {
        Description = "Write what 'kgdbsim merge' needs of a --shard.",
        HelpName = "FILE",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("explore", "Run scenarios in every order in which their steps can happen.");
        _arguments.AddTo(command);
        _exit.AddTo(command);
        _outputs.AddTo(command);
        command.Options.Add(_checkpoint);
        command.Options.Add(_result);
        command.SetAction(Explore);
        return command;
    }

    private int Explore(ParseResult parsed)
    {
        ScenarioSelection selection = new(new ScenarioCatalogue().All);
        IReadOnlyList<(ScenarioCase Case, ExplorationOptions Options)> plan = _arguments.Plan(parsed, selection);
        string? resultFile = parsed.GetValue(_result);
        _outputs.Check(parsed);
        OutputFile.Check(resultFile);
        string? checkpoint = parsed.GetValue(_checkpoint);
        bool interrupted = false;
        ExplorationDriver driver = new()
        {
            View = ViewFor(parsed),
            Checkpoint = checkpoint is null ? null : CheckpointFile.Open(checkpoint, plan),
            IsInterrupted = () => Volatile.Read(ref interrupted),
        };
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        List<CaseResult> results = [];
        List<Incident> incidents = [];
        foreach ((ScenarioCase which, ExplorationOptions options) in plan)
        {
            if (!interrupted)
            {
                results.Add(driver.Explore(which, options));
                incidents.AddRange(Show(results[^1], parsed.InvocationConfiguration.Output));
            }
        }

        _outputs.Write(parsed, "kgdbsim explore", () => ResultJson.Write(results), results, incidents);
        if (interrupted)
        {
            parsed.InvocationConfiguration.Error.WriteLine(checkpoint is null
                ? "kgdbsim: interrupted"
                : $"kgdbsim: interrupted; the same command goes on from {checkpoint}");
            return ExitCode.Interrupted;
        }

        if (resultFile is not null)
        {
            OutputFile.Write(resultFile, RecordFile.Results.Write(
                [.. results.Select(result => new FileRecord(ResultFile.Write(result.Report), result.Seconds))]));
        }

        return _exit.Of(parsed, results);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            Volatile.Write(ref interrupted, true);
        }
    }

    /// <summary>Prints what went wrong, if anything did.</summary>
    private static IReadOnlyList<Incident> Show(CaseResult result, TextWriter output)
    {
        IReadOnlyList<Incident> incidents = Incident.Of(result);
        foreach (Incident incident in incidents)
        {
            IncidentText.Write(incident, output, IncidentText.WidthOfOutput);
        }

        return incidents;
    }

    private static IExplorationView ViewFor(ParseResult parsed) => Console.IsOutputRedirected
        ? new PlainView(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
        : new TerminalView(AnsiConsole.Console);
}
