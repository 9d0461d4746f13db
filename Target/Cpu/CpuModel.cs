namespace KgdbSim.Target.Cpu;

/// <summary>Whose documented peculiarities a processor has.</summary>
internal enum CpuVendor
{
    Intel,
    Amd,
}

/// <summary>What kind of processor is simulated: what CPUID tells and where the vendors differ.</summary>
/// <param name="Name">The name for <c>--cpu</c>.</param>
/// <param name="Vendor">Decides the documented vendor differences.</param>
internal sealed record CpuModel(string Name, CpuVendor Vendor)
{
    private const CpuFeatures Version1 =
        CpuFeatures.Fpu | CpuFeatures.Tsc | CpuFeatures.Msr | CpuFeatures.Cx8 | CpuFeatures.Sep | CpuFeatures.Cmov
        | CpuFeatures.Clflush | CpuFeatures.Mmx | CpuFeatures.Fxsr | CpuFeatures.Sse | CpuFeatures.Sse2
        | CpuFeatures.Syscall | CpuFeatures.Nx | CpuFeatures.LongMode | CpuFeatures.Pge;

    private const CpuFeatures Version2 =
        Version1 | CpuFeatures.Sse3 | CpuFeatures.Ssse3 | CpuFeatures.Sse41 | CpuFeatures.Sse42 | CpuFeatures.Popcnt
        | CpuFeatures.Cx16 | CpuFeatures.Lahf64;

    private const CpuFeatures Version3 =
        Version2 | CpuFeatures.Xsave | CpuFeatures.Avx | CpuFeatures.Avx2 | CpuFeatures.Fma | CpuFeatures.F16c
        | CpuFeatures.Bmi1 | CpuFeatures.Bmi2 | CpuFeatures.Lzcnt | CpuFeatures.Movbe;

    private const CpuFeatures Everything =
        Version3 | CpuFeatures.Pclmulqdq | CpuFeatures.Monitor | CpuFeatures.Pcid | CpuFeatures.X2Apic
        | CpuFeatures.Movbe | CpuFeatures.TscDeadline | CpuFeatures.Aes | CpuFeatures.Xsave | CpuFeatures.XsaveOpt
        | CpuFeatures.XsaveC | CpuFeatures.Rdrand | CpuFeatures.FsGsBase | CpuFeatures.Bmi1 | CpuFeatures.Smep
        | CpuFeatures.Bmi2 | CpuFeatures.Erms | CpuFeatures.Invpcid | CpuFeatures.Rdseed | CpuFeatures.Adx
        | CpuFeatures.Smap | CpuFeatures.Clflushopt | CpuFeatures.Clwb | CpuFeatures.Umip | CpuFeatures.La57
        | CpuFeatures.Rdpid | CpuFeatures.Lzcnt | CpuFeatures.Prefetchw | CpuFeatures.Pages1G | CpuFeatures.Rdtscp
        | CpuFeatures.Wbnoinvd;

    /// <summary>The default.</summary>
    public static CpuModel Default { get; } = new("intel", CpuVendor.Intel);

    /// <summary>
    /// Every model that <c>--cpu</c> knows: each vendor with all that is simulated, and the lower levels of the psABI.
    /// </summary>
    public static IReadOnlyList<CpuModel> All { get; } =
    [
        Default,
        new("amd", CpuVendor.Amd),
        new("intel-v1", CpuVendor.Intel) { Features = Version1 },
        new("intel-v2", CpuVendor.Intel) { Features = Version2 },
        new("intel-v3", CpuVendor.Intel) { Features = Version3 },
        new("amd-v1", CpuVendor.Amd) { Features = Version1 },
        new("amd-v2", CpuVendor.Amd) { Features = Version2 },
        new("amd-v3", CpuVendor.Amd) { Features = Version3 },
    ];

    /// <summary>What the processor has.</summary>
    public CpuFeatures Features { get; init; } = Everything;

    /// <summary>Logical processors in the package, as CPUID tells.</summary>
    public int ProcessorCount { get; init; } = 1;

    /// <summary>CR4 bits that may be set; the others are #GP.</summary>
    public ulong Cr4Bits => ControlBits.Cr4Tsd | ControlBits.Cr4De | ControlBits.Cr4Pse | ControlBits.Cr4Pae
        | ControlBits.Cr4Mce | ControlBits.Cr4Pce | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt
        | If(CpuFeatures.Pge, ControlBits.Cr4Pge)
        | If(CpuFeatures.Umip, ControlBits.Cr4Umip)
        | If(CpuFeatures.La57, ControlBits.Cr4La57)
        | If(CpuFeatures.FsGsBase, ControlBits.Cr4FsGsBase)
        | If(CpuFeatures.Pcid, ControlBits.Cr4Pcide)
        | If(CpuFeatures.Xsave, ControlBits.Cr4OsXsave)
        | If(CpuFeatures.Smep, ControlBits.Cr4Smep)
        | If(CpuFeatures.Smap, ControlBits.Cr4Smap);

    /// <summary>The model of that name, or null.</summary>
    public static CpuModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>All of these are there.</summary>
    public bool Has(CpuFeatures features) => (Features & features) == features;

    private ulong If(CpuFeatures feature, ulong bit) => Has(feature) ? bit : 0;
}
