namespace KgdbSim.Target.Interrupts;

/// <summary>
/// Offsets of the local APIC's registers divided by 16, which are their x2APIC numbers too (SDM vol. 3, table 11-1 and
/// 11-6).
/// </summary>
internal static class ApicRegister
{
    public const uint Id = 0x02;
    public const uint Version = 0x03;
    public const uint TaskPriority = 0x08;
    public const uint ArbitrationPriority = 0x09;
    public const uint ProcessorPriority = 0x0A;
    public const uint EndOfInterrupt = 0x0B;
    public const uint LogicalDestination = 0x0D;
    public const uint DestinationFormat = 0x0E;
    public const uint SpuriousVector = 0x0F;
    public const uint InService = 0x10;
    public const uint TriggerMode = 0x18;
    public const uint Requested = 0x20;
    public const uint ErrorStatus = 0x28;
    public const uint CommandLow = 0x30;
    public const uint CommandHigh = 0x31;
    public const uint TimerVector = 0x32;
    public const uint ThermalVector = 0x33;
    public const uint PerformanceVector = 0x34;
    public const uint Lint0 = 0x35;
    public const uint Lint1 = 0x36;
    public const uint ErrorVector = 0x37;
    public const uint TimerInitial = 0x38;
    public const uint TimerCurrent = 0x39;
    public const uint TimerDivide = 0x3E;

    /// <summary>x2APIC only.</summary>
    public const uint SelfIpi = 0x3F;
}
