using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>A virtual machine takes a CPU's debug registers.</summary>
internal sealed class KvmCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "kvm";

    /// <inheritdoc/>
    public string Arguments => "enter|leave CPU";

    /// <inheritdoc/>
    public string Summary => "a virtual machine has the CPU from when it is resumed: the host's breakpoints are off there";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        bool enters = words.OneOf(["enter", "leave"]) == 0;
        int cpu = words.Complaint is null ? words.Cpu(context.Control.Target.CpuCount) : 0;
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        KernelResult result = enters ? context.Kernel.KvmEnter(cpu) : context.Kernel.KvmLeave(cpu);
        string done = enters ? $"a virtual machine has CPU#{cpu} when it is resumed" : $"no virtual machine has CPU#{cpu}";
        context.Output.WriteLine(result.IsDone ? done : $"{result}");
        return null;
    }
}
