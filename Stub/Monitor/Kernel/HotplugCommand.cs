using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>CPUs leave and come back.</summary>
internal sealed class HotplugCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "hotplug";

    /// <inheritdoc/>
    public string Arguments => "CPU on|off";

    /// <inheritdoc/>
    public string Summary => "take a CPU out of cpu_online_mask, its guest code held; or put it back";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        int cpu = words.Cpu(context.Control.Target.CpuCount);
        bool online = words.OneOf(["on", "off"]) == 0;
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KernelResult result = context.Kernel.Hotplug(cpu, online);
        string list = string.Join(',', context.Kernel.OnlineCpus);
        context.Output.WriteLine(result.IsDone ? $"online: {list}" : $"{result}");
        return null;
    }
}
