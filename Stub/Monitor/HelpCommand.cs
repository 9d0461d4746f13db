namespace KgdbSim.Stub.Monitor;

/// <summary>Lists the commands.</summary>
internal sealed class HelpCommand(MonitorCommands commands) : IMonitorCommand
{
    /// <summary>What is wider has its summary on a line of its own.</summary>
    private const int Width = 30;

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
            string usage = $"  {command.Name} {command.Arguments}".PadRight(Width);
            string gap = usage.Length > Width ? "\n".PadRight(Width + 1) : "";
            context.Output.WriteLine($"{usage}{gap} {command.Summary}");
        }

        return null;
    }
}
