namespace KgdbSim.Stub.Monitor;

/// <summary>Virtual time.</summary>
internal sealed class StepsCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "steps";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "virtual time: retired instructions of all CPUs and of each";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        if (context.Control.Target.Facts is not { } facts)
        {
            context.Output.WriteLine("this machine does not count");
            return null;
        }

        context.Output.WriteLine($"all     {facts.StepCount,16}");
        for (int cpu = 0; cpu < context.Control.Target.CpuCount; cpu++)
        {
            context.Output.WriteLine($"CPU#{cpu,-3} {facts.StepCountOf(cpu),16}");
        }

        return null;
    }
}
