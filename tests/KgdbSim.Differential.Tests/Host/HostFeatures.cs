using System.Runtime.Intrinsics.X86;
using Iced.Intel;

namespace KgdbSim.Differential.Tests.Host;

/// <summary>What the host's CPUID advertises, in Iced's terms.</summary>
internal sealed class HostFeatures
{
    private const int Eax = 0, Ebx = 1, Ecx = 2, Edx = 3;
    private const uint Extended = 0x8000_0001;

    /// <summary>Part of every processor with 64-bit mode (SDM vol. 1, 5.20; APM vol. 1, appendix D).</summary>
    private static readonly HashSet<CpuidFeature> Baseline =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.CMOV, CpuidFeature.CX8,
        CpuidFeature.FXSR, CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.MULTIBYTENOP,
        CpuidFeature.PAUSE, CpuidFeature.TSC, CpuidFeature.MSR, CpuidFeature.SYSCALL, CpuidFeature.CPUID,
        CpuidFeature.CLFSH, CpuidFeature.SMM, CpuidFeature.RDPMC,
    ];

    /// <summary>Bits of CPUID (SDM vol. 2, CPUID; APM vol. 3, appendix E).</summary>
    private static readonly (CpuidFeature Feature, uint Leaf, uint Subleaf, int Register, int Bit)[] Bits =
    [
        (CpuidFeature.SSE3, 1, 0, Ecx, 0), (CpuidFeature.PCLMULQDQ, 1, 0, Ecx, 1), (CpuidFeature.MONITOR, 1, 0, Ecx, 3),
        (CpuidFeature.SSSE3, 1, 0, Ecx, 9), (CpuidFeature.FMA, 1, 0, Ecx, 12), (CpuidFeature.CMPXCHG16B, 1, 0, Ecx, 13),
        (CpuidFeature.SSE4_1, 1, 0, Ecx, 19), (CpuidFeature.SSE4_2, 1, 0, Ecx, 20), (CpuidFeature.MOVBE, 1, 0, Ecx, 22),
        (CpuidFeature.POPCNT, 1, 0, Ecx, 23), (CpuidFeature.AES, 1, 0, Ecx, 25), (CpuidFeature.XSAVE, 1, 0, Ecx, 26),
        (CpuidFeature.AVX, 1, 0, Ecx, 28), (CpuidFeature.F16C, 1, 0, Ecx, 29), (CpuidFeature.RDRAND, 1, 0, Ecx, 30),
        (CpuidFeature.FSGSBASE, 7, 0, Ebx, 0), (CpuidFeature.BMI1, 7, 0, Ebx, 3), (CpuidFeature.AVX2, 7, 0, Ebx, 5),
        (CpuidFeature.BMI2, 7, 0, Ebx, 8), (CpuidFeature.INVPCID, 7, 0, Ebx, 10), (CpuidFeature.RDSEED, 7, 0, Ebx, 18),
        (CpuidFeature.ADX, 7, 0, Ebx, 19), (CpuidFeature.SMAP, 7, 0, Ebx, 20), (CpuidFeature.CLFLUSHOPT, 7, 0, Ebx, 23),
        (CpuidFeature.CLWB, 7, 0, Ebx, 24), (CpuidFeature.SHA, 7, 0, Ebx, 29), (CpuidFeature.RDPID, 7, 0, Ecx, 22),
        (CpuidFeature.GFNI, 7, 0, Ecx, 8), (CpuidFeature.XSAVEOPT, 0xD, 1, Eax, 0), (CpuidFeature.XSAVEC, 0xD, 1, Eax, 1),
        (CpuidFeature.XSAVES, 0xD, 1, Eax, 3), (CpuidFeature.LZCNT, Extended, 0, Ecx, 5),
        (CpuidFeature.SSE4A, Extended, 0, Ecx, 6), (CpuidFeature.PREFETCHW, Extended, 0, Ecx, 8),
        (CpuidFeature.RDTSCP, Extended, 0, Edx, 27), (CpuidFeature.SEP, 1, 0, Edx, 11),
    ];

    private readonly HashSet<CpuidFeature> _known = [.. Baseline, .. Bits.Select(bit => bit.Feature)];
    private readonly HashSet<CpuidFeature> _present = [.. Baseline];

    public HostFeatures()
    {
        Span<int> registers = stackalloc int[4];
        foreach ((CpuidFeature feature, uint leaf, uint subleaf, int register, int bit) in Bits)
        {
            (registers[Eax], registers[Ebx], registers[Ecx], registers[Edx]) = X86Base.CpuId((int)leaf, (int)subleaf);
            if ((registers[register] & (1 << bit)) != 0)
            {
                _present.Add(feature);
            }
        }

        Amd = X86Base.CpuId(0, 0).Ecx == 0x444D_4163;
    }

    /// <summary>The vendor string is AuthenticAMD: its third part is "cAMD".</summary>
    public bool Amd { get; }

    /// <summary>The host has everything that the encoding needs; null if CPUID's answer isn't known here.</summary>
    public bool? Has(Code code)
    {
        bool all = true;
        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            if (!_known.Contains(feature))
            {
                return null;
            }

            all &= _present.Contains(feature);
        }

        return all;
    }
}
