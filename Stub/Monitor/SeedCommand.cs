namespace KgdbSim.Stub.Monitor;

/// <summary>The seed that this run can be repeated with.</summary>
internal sealed class SeedCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "seed";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "the seed that repeats this run";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        context.Output.WriteLine(context.Control.Target.Facts is { } facts ? $"{facts.Seed}" : "this machine has none");
        return null;
    }
}
