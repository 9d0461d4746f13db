namespace KgdbSim.Stub.Monitor;

/// <summary>Lists the commands.</summary>
internal sealed class HelpCommand(MonitorCommands commands) : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "help";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "this list";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        foreach (IMonitorCommand command in commands.All)
        {
            context.Output.WriteLine($"  {command.Name + " " + command.Arguments,-28} {command.Summary}");
        }

        return null;
    }
}
