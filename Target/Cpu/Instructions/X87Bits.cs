namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Bits of the x87 status and control words (SDM vol. 1, figures 8-4 and 8-6).</summary>
internal static class X87Bits
{
    /// <summary>Status: an x87 stack overflow or underflow caused IE.</summary>
    public const ushort StackFault = 0x0040;

    /// <summary>Status, ES: an exception is up that the control word does not mask.</summary>
    public const ushort Summary = 0x0080;

    /// <summary>Status: the four condition codes.</summary>
    public const ushort C0 = 0x0100;

    /// <inheritdoc cref="C0"/>
    public const ushort C1 = 0x0200;

    /// <inheritdoc cref="C0"/>
    public const ushort C2 = 0x0400;

    /// <inheritdoc cref="C0"/>
    public const ushort C3 = 0x4000;

    /// <summary>Status, B: mirrors <see cref="Summary"/>.</summary>
    public const ushort Busy = 0x8000;

    /// <summary>Status: the condition codes that comparisons set.</summary>
    public const ushort Comparison = C0 | C2 | C3;

    /// <summary>Status: where TOP is.</summary>
    public const int TopShift = 11;

    /// <summary>Control: the six exception masks.</summary>
    public const ushort Masks = 0x003F;

    /// <summary>Control: a reserved bit that reads as 1.</summary>
    public const ushort ControlReserved = 0x0040;

    /// <summary>Control: bits that FLDCW can set.</summary>
    public const ushort ControlWritable = 0x1F3F;

    /// <summary>Control: after FNINIT; all masked, 64 bits, to nearest.</summary>
    public const ushort ControlInitial = 0x037F;
}
