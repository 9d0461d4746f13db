namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// Our own feature <c>org.kgdbsim.system</c>: control and debug registers with the field names of the SDM, so that <c>p
/// $dr7</c> reads like the manual. gdb 13 shows them at the end of <c>info registers</c>; for x86 it ignores the group.
/// </summary>
public static class X64System
{
    /// <summary>The feature's name.</summary>
    public const string Name = "org.kgdbsim.system";

    private const string System = "system";

    /// <summary>SDM volume 3, section 2.5, "Control Registers".</summary>
    private static readonly FlagsType Cr0 = new(
        "x64_cr0",
        8,
        [
            new("PE", 0), new("MP", 1), new("EM", 2), new("TS", 3), new("ET", 4), new("NE", 5), new("WP", 16),
            new("AM", 18), new("NW", 29), new("CD", 30), new("PG", 31),
        ]);

    /// <summary>PDBR is the number of the page table's 4 KiB frame.</summary>
    private static readonly FlagsType Cr3 = new("x64_cr3", 8, [new("PWT", 3), new("PCD", 4), new("PDBR", 12, 51)]);

    private static readonly FlagsType Cr4 = new(
        "x64_cr4",
        8,
        [
            new("VME", 0), new("PVI", 1), new("TSD", 2), new("DE", 3), new("PSE", 4), new("PAE", 5), new("MCE", 6),
            new("PGE", 7), new("PCE", 8), new("OSFXSR", 9), new("OSXMMEXCPT", 10), new("UMIP", 11), new("LA57", 12),
            new("VMXE", 13), new("SMXE", 14), new("FSGSBASE", 16), new("PCIDE", 17), new("OSXSAVE", 18), new("KL", 19),
            new("SMEP", 20), new("SMAP", 21), new("PKE", 22), new("CET", 23), new("PKS", 24), new("UINTR", 25),
        ]);

    private static readonly FlagsType Cr8 = new("x64_cr8", 8, [new("TPR", 0, 3)]);

    /// <summary>SDM volume 3, section 2.2.1; bits 12 to 15 by AMD's manual, volume 2, section 3.1.7.</summary>
    private static readonly FlagsType Efer = new(
        "x64_efer",
        8,
        [
            new("SCE", 0), new("LME", 8), new("LMA", 10), new("NXE", 11), new("SVME", 12), new("LMSLE", 13),
            new("FFXSR", 14), new("TCE", 15),
        ]);

    /// <summary>
    /// SDM volume 3, "Debug Status Register (DR6)". BLD and RTM, which read 1 for "no", are left out: a CPU
    /// without those features has them as reserved ones.
    /// </summary>
    private static readonly FlagsType Dr6 = new(
        "x64_dr6",
        8,
        [new("B0", 0), new("B1", 1), new("B2", 2), new("B3", 3), new("BD", 13), new("BS", 14), new("BT", 15)]);

    /// <summary>SDM volume 3, "Debug Control Register (DR7)".</summary>
    private static readonly FlagsType Dr7 = new(
        "x64_dr7",
        8,
        [
            new("L0", 0), new("G0", 1), new("L1", 2), new("G1", 3), new("L2", 4), new("G2", 5), new("L3", 6),
            new("G3", 7), new("LE", 8), new("GE", 9), new("RTM", 11), new("GD", 13),
            new("RW0", 16, 17), new("LEN0", 18, 19), new("RW1", 20, 21), new("LEN1", 22, 23),
            new("RW2", 24, 25), new("LEN2", 26, 27), new("RW3", 28, 29), new("LEN3", 30, 31),
        ]);

    /// <summary>The feature.</summary>
    public static RegisterFeature Feature { get; } = new(
        Name,
        [Cr0, Cr3, Cr4, Cr8, Efer, Dr6, Dr7],
        [
            Flags("cr0", Cr0), Address("cr2"), Flags("cr3", Cr3), Flags("cr4", Cr4), Flags("cr8", Cr8),
            Flags("efer", Efer),
            Address("dr0"), Address("dr1"), Address("dr2"), Address("dr3"), Flags("dr6", Dr6), Flags("dr7", Dr7),
        ],
        SavedByCalls: false);

    private static RegisterRow Flags(string name, FlagsType type) => new(name, 64, type.Id, System);

    private static RegisterRow Address(string name) => new(name, 64, "data_ptr", System);
}
