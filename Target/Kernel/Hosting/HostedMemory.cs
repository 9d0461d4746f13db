using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Guest memory as the modelled kernel reads and writes it: through a processor's translation, write protection notwithstanding.</summary>
internal sealed class HostedMemory(SmpMachine machine)
{
    /// <summary>Reads; false if any of it isn't there.</summary>
    public bool TryRead(int cpu, ulong address, Span<byte> destination) =>
        DebuggerMemory.Read(machine[cpu].Core, address, destination) == destination.Length;

    /// <summary>Writes all or nothing.</summary>
    public bool TryWrite(int cpu, ulong address, ReadOnlySpan<byte> source) =>
        DebuggerMemory.Write(machine[cpu].Core, address, source);
}
