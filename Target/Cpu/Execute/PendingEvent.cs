namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Where an event comes from, which decides privilege checks, the RIP pushed and what it may combine to.</summary>
internal enum EventSource : byte
{
    None,

    /// <summary>A fault, trap or abort that the processor found by itself.</summary>
    Exception,

    /// <summary>INT n, INT3 or INTO: the gate's DPL is checked.</summary>
    Software,

    /// <summary>ICEBP: delivered like an exception, although an instruction asked for it.</summary>
    PrivilegedSoftware,

    /// <summary>A maskable interrupt from the local APIC.</summary>
    External,
    Nmi,
}

/// <summary>An event that waits for its delivery through the IDT.</summary>
internal struct PendingEvent
{
    public EventSource Source;
    public byte Vector;
    public bool HasErrorCode;
    public uint ErrorCode;

    /// <summary>RIP of the instruction that asked for a <see cref="EventSource.Software"/> event: what a fault in delivering it pushes.</summary>
    public ulong InstructionRip;
}

/// <summary>Exception vectors (SDM vol. 3, table 6-1).</summary>
internal static class Vector
{
    public const byte DivideError = 0;
    public const byte Debug = 1;
    public const byte Nmi = 2;
    public const byte Breakpoint = 3;
    public const byte Overflow = 4;
    public const byte BoundRange = 5;
    public const byte InvalidOpcode = 6;
    public const byte DeviceNotAvailable = 7;
    public const byte DoubleFault = 8;
    public const byte InvalidTss = 10;
    public const byte SegmentNotPresent = 11;
    public const byte StackFault = 12;
    public const byte GeneralProtection = 13;
    public const byte PageFault = 14;
    public const byte FloatingPoint = 16;
    public const byte AlignmentCheck = 17;
    public const byte MachineCheck = 18;
    public const byte SimdFloatingPoint = 19;
}
