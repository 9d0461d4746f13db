using System.CommandLine;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>kgdbsim replay</c>: one recorded run again.</summary>
internal sealed class ReplayCommand : ICliCommand
{
    private readonly OutputArguments _outputs = new();

    private readonly Argument<string> _token = new("TOKEN|FILE")
    {
        Description = "A token that 'explore' printed, or a file in which one stands.",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Hold the machine at the violation for gdb; port 0 is any free one. Ctrl-C ends it.",
        HelpName = "HOST:PORT|unix:PATH|stdio",
    };

    private readonly Option<bool> _allowRemote = new("--allow-remote")
    {
        Description = "Accept debuggers from other hosts.",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("replay", "Repeat one run that 'explore' found, step by step.");
        command.Arguments.Add(_token);
        _outputs.AddTo(command);
        command.Options.Add(_listen);
        command.Options.Add(_allowRemote);
        command.SetAction(Replay);
        return command;
    }

    private int Replay(ParseResult parsed)
    {
        _outputs.Check(parsed);
        Incident incident = Repeat(parsed.GetValue(_token)!);
        ListenAddress? address = parsed.GetValue(_listen) is { } listen
            ? Listening.Parse(listen, parsed.GetValue(_allowRemote))
            : null;

        // Over standard output goes the protocol then, and nothing else may.
        TextWriter output = address?.Kind == ListenKind.Stdio
            ? parsed.InvocationConfiguration.Error
            : parsed.InvocationConfiguration.Output;
        IncidentText.Write(incident, output, IncidentText.WidthOfOutput);
        _outputs.Write(parsed, "kgdbsim replay", () => ReplayJson.Write(incident), [], [incident]);
        if (address is not null)
        {
            ReplayServer.Serve(incident, address, output);
        }

        return incident.Violation is null ? ExitCode.Fine : ExitCode.NotSo;
    }

    /// <exception cref="UsageException">The token cannot be read, or is of another program than is here.</exception>
    private static Incident Repeat(string text)
    {
        ScheduleToken token = TokenArgument.Read(text);
        ScenarioSelection selection = new(new ScenarioCatalogue().All);
        ScenarioCase which = selection.OfProgram(token.Program);
        ExplorationOptions options = new() { StepCountMax = which.Scenario.Bounds.StepCountMax };
        Incident incident = Incident.Replay(which, token, options, null);
        return incident.Divergence is { } divergence
            ? throw new UsageException($"the token is of another version of {token.Program}: {divergence}")
            : incident;
    }
}
