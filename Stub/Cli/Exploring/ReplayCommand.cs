using System.CommandLine;
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

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("replay", "Repeat one run that 'explore' found, step by step.");
        command.Arguments.Add(_token);
        _outputs.AddTo(command);
        command.SetAction(Replay);
        return command;
    }

    private int Replay(ParseResult parsed)
    {
        _outputs.Check(parsed);
        Incident incident = Repeat(parsed.GetValue(_token)!);
        TextWriter output = parsed.InvocationConfiguration.Output;
        IncidentText.Write(incident, output, IncidentText.WidthOfOutput);
        _outputs.Write(parsed, "kgdbsim replay", () => ReplayJson.Write(incident), [], [incident]);
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
