using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Hosting;

namespace KgdbSim.Stub.Monitor.Kernel;

/// <summary>Who has which debug register of which CPU.</summary>
internal sealed class SlotsCommand : IMonitorCommand
{
    private const int SlotCount = 4;

    /// <inheritdoc/>
    public string Name => "slots";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "who was promised the debug registers of each CPU";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        Words words = new(arguments);
        if (!words.AreComplete)
        {
            return words.Complaint;
        }

        SimulatedKernel kernel = context.Kernel;
        for (int cpu = 0; cpu < context.Control.Target.CpuCount; cpu++)
        {
            IReadOnlyList<KernelSlot> slots = kernel.Slots(cpu);
            string state = kernel.OnlineCpus.Contains(cpu) ? "" : "  [offline]";
            context.Output.WriteLine($"CPU#{cpu}  {slots.Count} of {SlotCount}{state}");
            foreach (KernelSlot slot in slots)
            {
                string place = slot.Register is { } register ? $"dr{register}" : "-";
                context.Output.WriteLine(
                    $"  {place,-4} {slot.Owner,-20} {slot.Address:x16} {BreakpointText.Of(slot.Kind),-2} {slot.Length}  {slot.HitCount} hits");
            }

            WriteWaiting(context, cpu);
        }

        return null;
    }

    /// <summary>What the guest has armed in vain, since a guest can't be refused.</summary>
    private static void WriteWaiting(MonitorContext context, int cpu)
    {
        GuestRegisters guest = context.Kernel.Host.Host.Cpus[cpu].Guest!;
        DebugRegisterSet registers = context.Kernel.DebugRegisters(cpu).Guest;
        for (int n = 0; n < SlotCount; n++)
        {
            if ((guest.Waiting >> n & 1) != 0)
            {
                context.Output.WriteLine($"  -    guest.dr{n,-11} {BreakpointText.Of(registers, n)}  not armed: it waits for a register");
            }
        }
    }
}
