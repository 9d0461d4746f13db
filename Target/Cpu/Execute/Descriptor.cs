namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// A segment or gate descriptor's first eight bytes, as they are in memory (SDM vol. 3, 3.4.5 and 5.8.3).
/// </summary>
internal readonly record struct Descriptor(ulong Raw)
{
    /// <summary>System descriptor types (SDM vol. 3, table 3-2).</summary>
    public const int Tss16 = 1;

    public const int Ldt = 2;
    public const int Tss16Busy = 3;
    public const int CallGate16 = 4;
    public const int TaskGate = 5;
    public const int InterruptGate16 = 6;
    public const int TrapGate16 = 7;
    public const int Tss = 9;
    public const int TssBusy = 11;
    public const int CallGate = 12;
    public const int InterruptGate = 14;
    public const int TrapGate = 15;

    /// <summary>Accessed bit of code and data segments.</summary>
    public const ulong AccessedBit = 1UL << 40;

    /// <summary>Busy bit of a task-state segment.</summary>
    public const ulong BusyBit = 1UL << 41;

    private const ushort AttributeMask = 0xF0FF;

    public int Type => (int)(Raw >> 40) & 0xF;

    /// <summary>The S bit: a code or data segment, not a system descriptor.</summary>
    public bool IsCodeOrData => (Raw & (1UL << 44)) != 0;

    public bool IsCode => (Raw & (0b1_1000UL << 40)) == 0b1_1000UL << 40;

    public bool IsConforming => IsCode && (Type & 4) != 0;

    /// <summary>Code that can be read, or data.</summary>
    public bool IsReadable => IsCodeOrData && (!IsCode || (Type & 2) != 0);

    public bool IsWritableData => IsCodeOrData && !IsCode && (Type & 2) != 0;

    public int Dpl => (int)(Raw >> 45) & 3;

    public bool Present => (Raw & (1UL << 47)) != 0;

    /// <summary>The L bit.</summary>
    public bool Long => (Raw & (1UL << 53)) != 0;

    /// <summary>The D/B bit.</summary>
    public bool Big => (Raw & (1UL << 54)) != 0;

    /// <summary>Base in the first eight bytes; those of system segments in long mode have 32 bits more.</summary>
    public uint Base => (uint)(((Raw >> 16) & 0xFF_FFFF) | ((Raw >> 32) & 0xFF00_0000));

    /// <summary>Last valid offset in bytes.</summary>
    public uint Limit
    {
        get
        {
            uint limit = (uint)((Raw & 0xFFFF) | ((Raw >> 32) & 0xF_0000));
            return (Raw & (1UL << 55)) != 0 ? (limit << 12) | 0xFFF : limit;
        }
    }

    /// <summary>Selector in a gate.</summary>
    public ushort GateSelector => (ushort)(Raw >> 16);

    /// <summary>Offset in a 16- or 32-bit gate; the lower half of that in a 64-bit one.</summary>
    public uint GateOffset => (uint)((Raw & 0xFFFF) | ((Raw >> 32) & 0xFFFF_0000));

    /// <summary>Interrupt-stack-table index in a 64-bit gate, 0 for none.</summary>
    public int GateStackIndex => (int)(Raw >> 32) & 7;

    /// <summary>Parameters that a call gate copies.</summary>
    public int GateParameters => (int)(Raw >> 32) & 31;

    /// <summary>Access-rights bytes as LAR shows them: bits 8..23 of the upper half.</summary>
    public uint AccessRights => (uint)(Raw >> 32) & 0x00FF_FF00;

    /// <summary>The segment register that loading this descriptor gives, marked accessed where that applies.</summary>
    public SegmentRegister ToSegment(ushort selector) => new()
    {
        Selector = selector,
        Base = Base,
        Limit = Limit,
        Attributes = (ushort)(((Raw >> 40) & AttributeMask) | (IsCodeOrData ? 1UL : 0)),
    };
}
