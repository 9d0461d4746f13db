using Iced.Intel;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>Whether a processor model has an instruction at all: what its CPUID doesn't advertise is #UD.</summary>
internal static class CpuidGate
{
    public static bool Allows(CpuModel model, Code code)
    {
        _ = model;
        foreach (CpuidFeature feature in code.CpuidFeatures())
        {
            if (feature is CpuidFeature.D3NOW or CpuidFeature.D3NOWEXT or CpuidFeature.TBM or CpuidFeature.XOP
                or CpuidFeature.FMA4 or CpuidFeature.CYRIX_FPU or CpuidFeature.CYRIX_SMM or CpuidFeature.CYRIX_SMINT)
            {
                return false;
            }
        }

        return true;
    }
}
