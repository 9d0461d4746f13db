namespace KgdbSim.Target.Interrupts;

/// <summary>
/// What carries messages between the local APICs of a machine. It may hold one back, so that when an interrupt arrives
/// is a scheduling choice, but never loses or reorders those from one processor to another.
/// </summary>
internal interface IInterruptFabric
{
    /// <summary>The local APICs of the machine by processor number.</summary>
    IReadOnlyList<LocalApic> Apics { get; }

    /// <summary>
    /// Takes a message to be handed to <see cref="LocalApic.Accept"/> of its destination, at once or later.
    /// </summary>
    void Send(in IpiMessage message, LocalApic destination);
}
