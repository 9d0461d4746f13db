namespace KgdbSim.Stub.Monitor;

/// <summary>Back to reset.</summary>
internal sealed class ResetCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "reset";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "load the image again and hold all CPUs at reset; then 'maint flush register-cache'";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        bool done = context.Control.TryRestart();
        context.Output.WriteLine(done ? "the machine stands at reset" : "this machine cannot be reset");
        return null;
    }
}
