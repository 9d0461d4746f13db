namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>What lockdep knows.</summary>
internal sealed class LockdepCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "lockdep";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "lock classes and their dependencies, held locks";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        context.Output.WriteLine(context.Kernel.Lockdep ?? "lockdep is off; 'kgdbsim serve --lockdep' has it");
        return null;
    }
}
