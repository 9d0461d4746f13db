namespace KgdbSim.Target.Cpu;

/// <summary>
/// A segment register with the descriptor cache behind it (SDM vol. 3, 3.4.3). The attributes are kept in the layout of
/// descriptor bits 40..55: type 0-3, S 4, DPL 5-6, P 7, AVL 12, L 13, D/B 14, G 15.
/// </summary>
internal struct SegmentRegister
{
    /// <summary>Linear base; in 64-bit mode only that of FS, GS and the system segments is used.</summary>
    public ulong Base;

    /// <summary>Last valid offset in bytes, the granularity already applied.</summary>
    public uint Limit;

    public ushort Selector;
    public ushort Attributes;

    public readonly int Type => Attributes & 0xF;

    public readonly int Dpl => (Attributes >> 5) & 3;

    public readonly bool Present => (Attributes & 0x80) != 0;

    /// <summary>The L bit: a 64-bit code segment.</summary>
    public readonly bool Long => (Attributes & 0x2000) != 0;

    /// <summary>The D/B bit: 32-bit default operand size, stack pointer or upper bound.</summary>
    public readonly bool Big => (Attributes & 0x4000) != 0;

    /// <summary>A descriptor cache that no access may go through: what a null selector loads.</summary>
    public readonly bool Unusable => (Attributes & 0x80) == 0;
}

/// <summary>The segment registers in the encoding order of MOV Sreg (SDM vol. 2, 3.1.1.3).</summary>
internal enum SegmentIndex : byte
{
    Es,
    Cs,
    Ss,
    Ds,
    Fs,
    Gs,

    /// <summary>The local descriptor table register.</summary>
    Ldtr,

    /// <summary>The task register.</summary>
    Tr,

    /// <summary>Not a register: in a <c>DecodedOp</c>, a memory operand whose segment base is zero and is not checked.</summary>
    Flat,
}
