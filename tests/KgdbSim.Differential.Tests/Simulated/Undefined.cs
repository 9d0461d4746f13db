namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>What of a state the manuals leave undefined: not to be compared.</summary>
internal struct Undefined
{
    /// <summary>RFLAGS bits.</summary>
    public ulong Flags;

    /// <summary>Bit i: general register i.</summary>
    public uint Gpr;

    /// <summary>x87 status bits: C0-C3.</summary>
    public ushort Status;

    /// <summary>Bits 63:32 of RSP: the snippet has been outside 64-bit mode.</summary>
    public bool UpperHalves;

    /// <summary>Why the snippet's outcome cannot be compared at all, or null.</summary>
    public string? Unusable;
}
