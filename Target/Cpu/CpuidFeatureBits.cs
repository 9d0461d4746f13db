namespace KgdbSim.Target.Cpu;

/// <summary>Registers that CPUID answers in.</summary>
internal enum CpuidRegister
{
    Eax,
    Ebx,
    Ecx,
    Edx,
}

/// <summary>Where CPUID tells of a feature.</summary>
internal readonly record struct CpuidFeatureBit(
    CpuFeatures Feature, uint Leaf, uint Subleaf, CpuidRegister Register, int Bit);

/// <summary>The feature bits of CPUID as a table (SDM vol. 2, "CPUID"; APM vol. 3, appendix E).</summary>
internal static class CpuidFeatureBits
{
    public static readonly CpuidFeatureBit[] All =
    [
        new(CpuFeatures.Fpu, 1, 0, CpuidRegister.Edx, 0),
        new(CpuFeatures.Tsc, 1, 0, CpuidRegister.Edx, 4),
        new(CpuFeatures.Msr, 1, 0, CpuidRegister.Edx, 5),
        new(CpuFeatures.Cx8, 1, 0, CpuidRegister.Edx, 8),
        new(CpuFeatures.Sep, 1, 0, CpuidRegister.Edx, 11),
        new(CpuFeatures.Pge, 1, 0, CpuidRegister.Edx, 13),
        new(CpuFeatures.Cmov, 1, 0, CpuidRegister.Edx, 15),
        new(CpuFeatures.Clflush, 1, 0, CpuidRegister.Edx, 19),
        new(CpuFeatures.Mmx, 1, 0, CpuidRegister.Edx, 23),
        new(CpuFeatures.Fxsr, 1, 0, CpuidRegister.Edx, 24),
        new(CpuFeatures.Sse, 1, 0, CpuidRegister.Edx, 25),
        new(CpuFeatures.Sse2, 1, 0, CpuidRegister.Edx, 26),
        new(CpuFeatures.Sse3, 1, 0, CpuidRegister.Ecx, 0),
        new(CpuFeatures.Pclmulqdq, 1, 0, CpuidRegister.Ecx, 1),
        new(CpuFeatures.Monitor, 1, 0, CpuidRegister.Ecx, 3),
        new(CpuFeatures.Ssse3, 1, 0, CpuidRegister.Ecx, 9),
        new(CpuFeatures.Fma, 1, 0, CpuidRegister.Ecx, 12),
        new(CpuFeatures.Cx16, 1, 0, CpuidRegister.Ecx, 13),
        new(CpuFeatures.Pcid, 1, 0, CpuidRegister.Ecx, 17),
        new(CpuFeatures.Sse41, 1, 0, CpuidRegister.Ecx, 19),
        new(CpuFeatures.Sse42, 1, 0, CpuidRegister.Ecx, 20),
        new(CpuFeatures.X2Apic, 1, 0, CpuidRegister.Ecx, 21),
        new(CpuFeatures.Movbe, 1, 0, CpuidRegister.Ecx, 22),
        new(CpuFeatures.Popcnt, 1, 0, CpuidRegister.Ecx, 23),
        new(CpuFeatures.TscDeadline, 1, 0, CpuidRegister.Ecx, 24),
        new(CpuFeatures.Aes, 1, 0, CpuidRegister.Ecx, 25),
        new(CpuFeatures.Xsave, 1, 0, CpuidRegister.Ecx, 26),
        new(CpuFeatures.Avx, 1, 0, CpuidRegister.Ecx, 28),
        new(CpuFeatures.F16c, 1, 0, CpuidRegister.Ecx, 29),
        new(CpuFeatures.Rdrand, 1, 0, CpuidRegister.Ecx, 30),
        new(CpuFeatures.FsGsBase, 7, 0, CpuidRegister.Ebx, 0),
        new(CpuFeatures.Bmi1, 7, 0, CpuidRegister.Ebx, 3),
        new(CpuFeatures.Avx2, 7, 0, CpuidRegister.Ebx, 5),
        new(CpuFeatures.Smep, 7, 0, CpuidRegister.Ebx, 7),
        new(CpuFeatures.Bmi2, 7, 0, CpuidRegister.Ebx, 8),
        new(CpuFeatures.Erms, 7, 0, CpuidRegister.Ebx, 9),
        new(CpuFeatures.Invpcid, 7, 0, CpuidRegister.Ebx, 10),
        new(CpuFeatures.Rdseed, 7, 0, CpuidRegister.Ebx, 18),
        new(CpuFeatures.Adx, 7, 0, CpuidRegister.Ebx, 19),
        new(CpuFeatures.Smap, 7, 0, CpuidRegister.Ebx, 20),
        new(CpuFeatures.Clflushopt, 7, 0, CpuidRegister.Ebx, 23),
        new(CpuFeatures.Clwb, 7, 0, CpuidRegister.Ebx, 24),
        new(CpuFeatures.Umip, 7, 0, CpuidRegister.Ecx, 2),
        new(CpuFeatures.La57, 7, 0, CpuidRegister.Ecx, 16),
        new(CpuFeatures.Rdpid, 7, 0, CpuidRegister.Ecx, 22),
        new(CpuFeatures.XsaveOpt, 0xD, 1, CpuidRegister.Eax, 0),
        new(CpuFeatures.XsaveC, 0xD, 1, CpuidRegister.Eax, 1),
        new(CpuFeatures.Lahf64, 0x8000_0001, 0, CpuidRegister.Ecx, 0),
        new(CpuFeatures.Lzcnt, 0x8000_0001, 0, CpuidRegister.Ecx, 5),
        new(CpuFeatures.Sse4a, 0x8000_0001, 0, CpuidRegister.Ecx, 6),
        new(CpuFeatures.Prefetchw, 0x8000_0001, 0, CpuidRegister.Ecx, 8),
        new(CpuFeatures.Syscall, 0x8000_0001, 0, CpuidRegister.Edx, 11),
        new(CpuFeatures.Nx, 0x8000_0001, 0, CpuidRegister.Edx, 20),
        new(CpuFeatures.Pages1G, 0x8000_0001, 0, CpuidRegister.Edx, 26),
        new(CpuFeatures.Rdtscp, 0x8000_0001, 0, CpuidRegister.Edx, 27),
        new(CpuFeatures.LongMode, 0x8000_0001, 0, CpuidRegister.Edx, 29),
        new(CpuFeatures.Wbnoinvd, 0x8000_0008, 0, CpuidRegister.Ebx, 9),
    ];
}
