using System.CommandLine;
using System.Runtime.InteropServices;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>kgdbsim explore</c>: scenarios in every order in which their steps can happen.</summary>
internal sealed class ExploreCommand : ICliCommand
{
    /// <summary>What a shell reports for a process ended by SIGINT.</summary>
    private const int InterruptedExit = 130;

    private readonly ExploreArguments _arguments = new();

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the results as a JSON array, an object for each variant.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _expect = new("--expect")
    {
        Description = "Exit with 0 if each variant's verdict is the one it is there to show, bad ones violated and fixed ones "
            + "not; with 1 otherwise.",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("explore", "Run scenarios in every order in which their steps can happen.");
        _arguments.AddTo(command);
        foreach (Option option in (Option[])[_expect, _json])
        {
            command.Options.Add(option);
        }

        command.SetAction(Explore);
        return command;
    }

    private int Explore(ParseResult parsed)
    {
        ScenarioSelection selection = new(new ScenarioCatalogue().All);
        IReadOnlyList<(ScenarioCase Case, ExplorationOptions Options)> plan = _arguments.Plan(parsed, selection);
        string? json = parsed.GetValue(_json);
        OutputFile.Check(json);
        bool interrupted = false;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        TextWriter output = parsed.InvocationConfiguration.Output;
        PlainView view = new(output, parsed.InvocationConfiguration.Error);
        ExplorationDriver driver = new(TimeProvider.System, view, () => Volatile.Read(ref interrupted));
        List<CaseResult> results = [];
        foreach ((ScenarioCase which, ExplorationOptions options) in plan)
        {
            CaseResult result = driver.Explore(which, options);
            results.Add(result);
            foreach (Incident incident in Incident.Of(result))
            {
                IncidentText.Write(incident, output, int.MaxValue);
            }

            if (interrupted)
            {
                break;
            }
        }

        if (json is not null)
        {
            OutputFile.Write(json, ResultJson.Write(results));
        }

        return interrupted ? InterruptedExit : ExitCodeOf(results, parsed.GetValue(_expect));

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            Volatile.Write(ref interrupted, true);
        }
    }

    private static int ExitCodeOf(IEnumerable<CaseResult> results, bool expect)
    {
        bool fine = results.All(result => expect
            ? result.IsExpected
            : result.Report.Verdict is Verdict.Exhausted or Verdict.Bounded);
        return fine ? ExitCode.Fine : ExitCode.NotSo;
    }
}
