using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Monitor;

/// <summary>One line for each CPU.</summary>
internal sealed class CpusCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "cpus";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "what every CPU is doing; * marks the selected one";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        MachineControl control = context.Control;
        for (int cpu = 0; cpu < control.Target.CpuCount; cpu++)
        {
            string mark = cpu == context.Cpu ? "*" : " ";
            string steps = control.Target.Facts is { } facts ? $"  {facts.StepCountOf(cpu),14} steps" : "";
            ulong rip = InstructionPointer.Of(control.Target, cpu);
            context.Output.WriteLine($"{mark} {ThreadNames.Of(control.Target, cpu),-26} rip {rip:x16}{steps}");
        }

        return null;
    }
}
