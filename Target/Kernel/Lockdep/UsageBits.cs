namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>The set of ways in which a lock class was used: usage_mask@2.6.30 and 6.1.</summary>
internal readonly record struct UsageBits(ushort Mask)
{
    private const int ReadBit = 1;
    private const int EnabledBit = 2;

    /// <summary>Writing in some interrupt or with it enabled.</summary>
    private const ushort WriteBits = 0x555;

    private static readonly string[] Names =
    [
        "IN-HARDIRQ-W", "IN-HARDIRQ-R", "HARDIRQ-ON-W", "HARDIRQ-ON-R",
        "IN-SOFTIRQ-W", "IN-SOFTIRQ-R", "SOFTIRQ-ON-W", "SOFTIRQ-ON-R",
        "IN-RECLAIM_FS-W", "IN-RECLAIM_FS-R", "RECLAIM_FS-ON-W", "RECLAIM_FS-ON-R",
        "INITIAL USE", "INITIAL READ USE", "IN-NMI",
    ];

    private static readonly string[] StateNames =
        ["HARDIRQ", "HARDIRQ-READ", "SOFTIRQ", "SOFTIRQ-READ", "RECLAIM_FS", "RECLAIM_FS-READ"];

    /// <summary>How many usages concern interrupts (or reclaim); they come first.</summary>
    public static int IrqUsageCount => 12;

    /// <summary>All that were recorded in some interrupt.</summary>
    public static UsageBits UsedInAny { get; } = new(0x333);

    public bool IsEmpty => Mask == 0;

    /// <summary>Those of the set that are writing.</summary>
    public UsageBits Writes => new((ushort)(Mask & WriteBits));

    /// <summary>The set of one.</summary>
    public static UsageBits Of(LockUsage usage) => new((ushort)(1 << (int)usage));

    public bool Has(LockUsage usage) => (Mask >> (int)usage & 1) != 0;

    public bool Overlaps(UsageBits other) => (Mask & other.Mask) != 0;

    public static UsageBits operator |(UsageBits left, UsageBits right) => new((ushort)(left.Mask | right.Mask));

    public static UsageBits operator &(UsageBits left, UsageBits right) => new((ushort)(left.Mask & right.Mask));

    public static bool IsRead(LockUsage usage) => ((int)usage & ReadBit) != 0;

    /// <summary>Whether it says "with the interrupt enabled" rather than "in it".</summary>
    public static bool IsEnabled(LockUsage usage) => ((int)usage & EnabledBit) != 0;

    /// <summary>The same for reading.</summary>
    public static LockUsage Read(LockUsage usage) => usage | (LockUsage)ReadBit;

    /// <summary>The same for writing.</summary>
    public static LockUsage Write(LockUsage usage) => usage & ~(LockUsage)ReadBit;

    /// <summary>The writing usage that must not meet this one: exclusive_bit()@2.6.30.</summary>
    public static LockUsage Exclusive(LockUsage usage) => Write(usage) ^ (LockUsage)EnabledBit;

    /// <summary>As reports name it: "IN-SOFTIRQ-W", "SOFTIRQ-ON-R".</summary>
    public static string Name(LockUsage usage) => Names[(int)usage];

    /// <summary>The interrupt alone, with "-READ" if it is a reading usage: state_name()@2.6.30.</summary>
    public static string StateName(LockUsage usage) => StateNames[(int)usage >> 2 << 1 | (int)usage & ReadBit];

    /// <summary>
    /// One character for writing and one for reading per interrupt: '.' neither, '+' taken with it enabled, '-' taken in it,
    /// '?' both (get_usage_chars()). 2.6.30 counts reclaim among the interrupts.
    /// </summary>
    public string Characters(LockdepFormat format)
    {
        Span<char> text = stackalloc char[format == LockdepFormat.Linux2630 ? 6 : 4];
        for (int i = 0; i < text.Length; i++)
        {
            LockUsage usedIn = (LockUsage)(i >> 1 << 2 | i & ReadBit);
            text[i] = (Has(usedIn), Has(usedIn | (LockUsage)EnabledBit)) switch
            {
                (false, false) => '.',
                (false, true) => '+',
                (true, false) => '-',
                (true, true) => '?',
            };
        }

        return new string(text);
    }
}
