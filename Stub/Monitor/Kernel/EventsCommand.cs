using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>What happened to the latest traps.</summary>
internal sealed class EventsCommand : IMonitorCommand
{
    private const int DefaultCount = 20;
    private const int CountMax = 1024;

    /// <inheritdoc/>
    public string Name => "events";

    /// <inheritdoc/>
    public string Arguments => "[N]";

    /// <inheritdoc/>
    public string Summary => $"the last {DefaultCount} traps, or N: CPU, place, DR6, who looked and answered what, who took it";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        int count = words.HasMore ? words.Number("N", CountMax) : DefaultCount;
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        IReadOnlyList<KernelTrap> traps = context.Kernel.Latest(count);
        if (traps.Count == 0)
        {
            context.Output.WriteLine("no traps");
        }

        foreach (KernelTrap trap in traps)
        {
            string cause = trap.Kind == "debug" ? $"dr6 {trap.Dr6:x4}" : "";
            string lookers = string.Join(", ", trap.Lookers.Select(static look => $"{look.Name} {Short(look.Answer)}"));
            string consumer = trap.Consumer is { } name ? $" by {name}" : "";
            context.Output.WriteLine(
                $"#{trap.Sequence,-5} CPU#{trap.Cpu} {trap.Kind,-5} rip {trap.Rip:x16} {cause,-8}  {trap.Verdict}{consumer}  [{lookers}]");
        }

        return null;
    }

    private static string Short(string answer) => answer["NOTIFY_".Length..];
}
