using KgdbSim.Stub.Monitor;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>monitor schedule</c>: the steps up to the violation at which the machine is held.</summary>
internal sealed class ScheduleCommand(Incident incident) : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "schedule";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "the steps before the violation, a column for each CPU";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        IncidentText.Write(incident, context.Output, int.MaxValue);
        return null;
    }
}
