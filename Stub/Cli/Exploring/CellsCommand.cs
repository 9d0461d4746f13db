using KgdbSim.Stub.Monitor;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>monitor cells</c>: what the scenario's shared variables and locks hold at the violation.</summary>
internal sealed class CellsCommand(Incident incident) : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "cells";

    /// <inheritdoc/>
    public string Arguments => "[PREFIX]";

    /// <inheritdoc/>
    public string Summary => "what shared variables and locks hold, those whose names begin so";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        if (arguments.Length > 1)
        {
            return "one name at most";
        }

        string prefix = arguments.Length == 0 ? "" : arguments[0];
        foreach ((string name, string value) in incident.Contents)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                context.Output.WriteLine($"{name,-32} {value}");
            }
        }

        return null;
    }
}
