using KgdbSim.Stub.Session;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Monitor;

/// <summary>One command behind gdb's <c>monitor</c>.</summary>
internal interface IMonitorCommand
{
    /// <summary>The word it is called by.</summary>
    string Name { get; }

    /// <summary>Its arguments, as help shows them; empty if it takes none.</summary>
    string Arguments { get; }

    /// <summary>What it does, in one line.</summary>
    string Summary { get; }

    /// <summary>Does it; null, or what is wrong with the arguments.</summary>
    string? Execute(MonitorContext context, ReadOnlySpan<string> arguments);
}

/// <summary>What a command works on.</summary>
/// <param name="Control">The machine, which stands.</param>
/// <param name="Cpu">The CPU that the debugger has selected.</param>
/// <param name="Output">Where to print; lines end in a newline.</param>
internal sealed record MonitorContext(MachineControl Control, int Cpu, TextWriter Output)
{
    /// <summary>The modelled kernel; only for commands of machines that have one.</summary>
    public SimulatedKernel Kernel => Control.Target.Kernel ?? throw new InvalidOperationException("The machine has no modelled kernel.");
}
