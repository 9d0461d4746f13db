using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>One segment of the local descriptor table that both processors get: a <c>struct user_desc</c> of Linux.</summary>
/// <param name="Contents">0 data, 1 data that expands down, 2 code.</param>
/// <param name="Big">The D/B bit.</param>
/// <param name="Restricted">Data not writable, code not readable.</param>
/// <param name="Pages">The limit counts pages.</param>
internal readonly record struct Segment(
    uint Base, uint Limit, int Contents, bool Big, bool Restricted = false, bool Pages = false, bool Absent = false)
{
    /// <summary>The bit fields of <c>struct user_desc</c>.</summary>
    public uint Flags =>
        (Big ? 1U : 0) | ((uint)Contents << 1) | (Restricted ? 8U : 0) | (Pages ? 16U : 0) | (Absent ? 32U : 0);

    /// <summary>The descriptor that Linux makes of it: arch/x86/include/asm/desc.h, fill_ldt().</summary>
    public Descriptor Descriptor
    {
        get
        {
            ulong type = (Restricted ? 0UL : 2) | ((ulong)Contents << 2) | 1;
            ulong access = type | 0x10 | 0x60 | (Absent ? 0UL : 0x80);
            ulong granularity = (Big ? 4UL : 0) | (Pages ? 8UL : 0);
            return new Descriptor((Limit & 0xFFFF) | ((Base & 0xFF_FFFFUL) << 16) | (access << 40)
                | ((Limit >> 16 & 0xFUL) << 48) | (granularity << 52) | ((Base >> 24 & 0xFFUL) << 56));
        }
    }
}

/// <summary>The segments that snippets use, and what their selectors stand for.</summary>
internal static class Segments
{
    public const ushort Code64 = 0x33;
    public const ushort Code32 = 0x23;
    public const ushort Data = 0x2B;

    private const uint CodeBase = (uint)Layout.Code;
    private const uint DataBase = (uint)Layout.Data;

    /// <summary>The local descriptor table, from entry 0 on.</summary>
    public static Segment[] Local { get; } =
    [
        new(CodeBase, 0x1FFF, 2, Big: false),
        new(CodeBase, 0x1FFF, 2, Big: true),
        new(0, 0xFFFFF, 2, Big: true, Restricted: true, Pages: true),
        new(DataBase, 0x3FFF, 0, Big: false),
        new(DataBase - 0x1000, 0x2FFF, 0, Big: true),
        new(DataBase, 0x3FFF, 0, Big: true, Restricted: true),
        new(DataBase, 0x1FF, 1, Big: true),
        new(DataBase, 0x1FF, 1, Big: false),
        new(DataBase, 0x3FFF, 0, Big: true, Absent: true),
    ];

    /// <summary>Data segments for 32-bit and 16-bit snippets to start with.</summary>
    public static ushort[] LegacyData { get; } =
        [Data, Data, Selector(3), Selector(4), Selector(5), Selector(6), Selector(7), Selector(1), 0];

    /// <summary>Stack segments for them.</summary>
    public static ushort[] LegacyStack { get; } = [Data, Data, Selector(3), Selector(4), Selector(6), Selector(7)];

    private static ushort[] Legacy32 { get; } = [Code32, Code32, Selector(1), Selector(2)];

    private static ushort[] Legacy16 { get; } = [Selector(0)];

    private static ushort[] Long { get; } = [Code64];

    /// <summary>Code segments to start in.</summary>
    public static ushort[] Code(int bits) => bits == 64 ? Long : bits == 32 ? Legacy32 : Legacy16;

    public static ushort Selector(int entry) => (ushort)((entry << 3) | 7);

    /// <summary>What the selector names, or null: a null selector, or one that Linux has the segment of.</summary>
    private static Segment? Find(ushort selector) =>
        (selector & 4) != 0 && selector >> 3 < Local.Length ? Local[selector >> 3] : null;

    /// <summary>A data segment of 16-bit offsets.</summary>
    public static bool IsSmall(ushort selector) => Find(selector) is { Big: false };

    public static ulong BaseOf(ushort selector) => Find(selector)?.Base ?? 0;

    /// <summary>64, 32 or 16: what code in the segment is.</summary>
    public static int BitsOf(ushort code) => code switch
    {
        Code64 => 64,
        Code32 => 32,
        _ => Find(code) is { Big: false } ? 16 : 32,
    };
}
