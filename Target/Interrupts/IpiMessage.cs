namespace KgdbSim.Target.Interrupts;

/// <summary>How an interrupt message is to be taken (SDM vol. 3, 11.6.1).</summary>
internal enum DeliveryMode : byte
{
    Fixed = 0,
    LowestPriority = 1,
    Smi = 2,
    Nmi = 4,
    Init = 5,
    StartUp = 6,

    /// <summary>LVT only: the old interrupt controller's, which isn't here.</summary>
    External = 7,
}

/// <summary>One interrupt message on its way to one local APIC.</summary>
/// <param name="Source">Number of the processor that sent it.</param>
internal readonly record struct IpiMessage(int Source, DeliveryMode Mode, byte Vector, bool Level);
