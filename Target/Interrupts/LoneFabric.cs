namespace KgdbSim.Target.Interrupts;

/// <summary>The fabric of a machine with one processor: its messages to itself arrive at once.</summary>
internal sealed class LoneFabric : IInterruptFabric
{
    private readonly List<LocalApic> _apics = [];

    public IReadOnlyList<LocalApic> Apics => _apics;

    public void Add(LocalApic apic) => _apics.Add(apic);

    public void Send(in IpiMessage message, LocalApic destination) => destination.Accept(message);
}
