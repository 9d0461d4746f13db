namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>Fields of DR7 (SDM vol. 3, 18.2.4).</summary>
internal static class Dr7Bits
{
    /// <summary>R/Wn values.</summary>
    public const int Execute = 0;

    public const int Write = 1;
    public const int InputOutput = 2;
    public const int ReadWrite = 3;

    /// <summary>General detect: the next MOV DR is caught.</summary>
    public const ulong Gd = 1 << 13;

    /// <summary>Always 1.</summary>
    public const ulong Fixed = 1 << 10;

    /// <summary>
    /// Bits that hold what was written: 12, 14 and 15 read 0. Bit 11 (RTM) is kept, and means nothing without
    /// transactions.
    /// </summary>
    public const ulong Writable = 0xFFFF_2BFF;

    /// <summary>L or G of register <paramref name="n"/>.</summary>
    public static bool Enabled(ulong dr7, int n) => ((dr7 >> (2 * n)) & 3) != 0;

    public static int Kind(ulong dr7, int n) => (int)(dr7 >> (16 + (4 * n))) & 3;

    /// <summary>LENn in bytes: 1, 2, 8 or 4 for the encodings 0..3.</summary>
    public static int Length(ulong dr7, int n) => ((int)(dr7 >> (18 + (4 * n))) & 3) switch
    {
        0 => 1,
        1 => 2,
        2 => 8,
        _ => 4,
    };
}
