using Iced.Intel;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>Whether a processor model has an instruction at all: what its CPUID doesn't advertise is #UD.</summary>
internal static class CpuidGate
{
    public static bool Allows(CpuModel model, Code code)
    {
        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            if (!Allows(model, feature))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The model has what Iced calls this; what isn't listed is part of every 64-bit processor, or of none.
    /// </summary>
    public static bool Allows(CpuModel model, CpuidFeature feature)
    {
        CpuFeatures? needed = Needed(feature);
        return needed.HasValue && model.Has(needed.Value);
    }

    private static CpuFeatures? Needed(CpuidFeature feature) => feature switch
    {
        <= CpuidFeature.INTEL486 or CpuidFeature.X64 or CpuidFeature.CPUID or CpuidFeature.MULTIBYTENOP
            or CpuidFeature.PAUSE or CpuidFeature.RDPMC or CpuidFeature.FPU287 or CpuidFeature.FPU387
            or CpuidFeature.CET_IBT => CpuFeatures.None,
        CpuidFeature.FPU => CpuFeatures.Fpu,
        CpuidFeature.TSC => CpuFeatures.Tsc,
        CpuidFeature.MSR => CpuFeatures.Msr,
        CpuidFeature.CX8 => CpuFeatures.Cx8,
        CpuidFeature.SEP => CpuFeatures.Sep,
        CpuidFeature.CMOV => CpuFeatures.Cmov,
        CpuidFeature.CLFSH => CpuFeatures.Clflush,
        CpuidFeature.MMX => CpuFeatures.Mmx,
        CpuidFeature.FXSR => CpuFeatures.Fxsr,
        CpuidFeature.SSE => CpuFeatures.Sse,
        CpuidFeature.SSE2 => CpuFeatures.Sse2,
        CpuidFeature.SSE3 => CpuFeatures.Sse3,
        CpuidFeature.SSSE3 => CpuFeatures.Ssse3,
        CpuidFeature.SSE4_1 => CpuFeatures.Sse41,
        CpuidFeature.SSE4_2 => CpuFeatures.Sse42,
        CpuidFeature.SSE4A => CpuFeatures.Sse4a,
        CpuidFeature.AES => CpuFeatures.Aes,
        CpuidFeature.PCLMULQDQ => CpuFeatures.Pclmulqdq,
        CpuidFeature.POPCNT => CpuFeatures.Popcnt,
        CpuidFeature.LZCNT => CpuFeatures.Lzcnt,
        CpuidFeature.BMI1 => CpuFeatures.Bmi1,
        CpuidFeature.BMI2 => CpuFeatures.Bmi2,
        CpuidFeature.ADX => CpuFeatures.Adx,
        CpuidFeature.MOVBE => CpuFeatures.Movbe,
        CpuidFeature.CMPXCHG16B => CpuFeatures.Cx16,
        CpuidFeature.RDRAND => CpuFeatures.Rdrand,
        CpuidFeature.RDSEED => CpuFeatures.Rdseed,
        CpuidFeature.MONITOR => CpuFeatures.Monitor,
        CpuidFeature.XSAVE => CpuFeatures.Xsave,
        CpuidFeature.XSAVEOPT => CpuFeatures.XsaveOpt,
        CpuidFeature.XSAVEC => CpuFeatures.XsaveC,
        CpuidFeature.FSGSBASE => CpuFeatures.FsGsBase,
        CpuidFeature.INVPCID => CpuFeatures.Invpcid,
        CpuidFeature.SMAP => CpuFeatures.Smap,
        CpuidFeature.CLFLUSHOPT => CpuFeatures.Clflushopt,
        CpuidFeature.CLWB => CpuFeatures.Clwb,
        CpuidFeature.RDPID => CpuFeatures.Rdpid,
        CpuidFeature.PREFETCHW => CpuFeatures.Prefetchw,
        CpuidFeature.SYSCALL => CpuFeatures.Syscall,
        CpuidFeature.RDTSCP => CpuFeatures.Rdtscp,
        CpuidFeature.WBNOINVD => CpuFeatures.Wbnoinvd,
        CpuidFeature.AVX => CpuFeatures.Avx,
        CpuidFeature.AVX2 => CpuFeatures.Avx2,
        CpuidFeature.FMA => CpuFeatures.Fma,
        CpuidFeature.F16C => CpuFeatures.F16c,
        _ => null,
    };
}
