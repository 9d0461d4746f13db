using Iced.Intel;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Which part of the instruction set: each is a test of its own.</summary>
public enum Family
{
    /// <summary>General-purpose instructions.</summary>
    Integer,

    /// <summary>Segment loads, far transfers, and what is #GP or #UD in user mode.</summary>
    System,
    X87,
    Mmx,

    /// <summary>SSE to SSE4.2, AES, PCLMULQDQ.</summary>
    Sse,

    /// <summary>VEX-encoded instructions.</summary>
    Avx,
}

internal static class Families
{
    public static Family Of(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        if (info.Encoding != EncodingKind.Legacy)
        {
            return code.CpuidFeatures().Any(feature => feature is CpuidFeature.BMI1 or CpuidFeature.BMI2)
                ? Family.Integer
                : Family.Avx;
        }

        for (int i = 0; i < info.OpCount; i++)
        {
            switch (info.GetOpKind(i))
            {
                case OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_or_mem:
                    return Family.Sse;
                case OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem:
                    return Family.Mmx;
                case OpCodeOperandKind.seg_reg or OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg:
                    return Family.System;
            }
        }

        if (code.CpuidFeatures().Any(feature => feature is CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387))
        {
            return Family.X87;
        }

        if (code.Mnemonic() is Mnemonic.Emms)
        {
            return Family.Mmx;
        }

        if (code.Mnemonic() is Mnemonic.Ldmxcsr or Mnemonic.Stmxcsr)
        {
            return Family.Sse;
        }

        if (code.CpuidFeatures().Contains(CpuidFeature.FXSR))
        {
            return Family.X87;
        }

        bool system = info.IsPrivileged || info.IsInputOutput || info.MayRequireCpl0
            || code.FlowControl() is FlowControl.Interrupt or FlowControl.Exception
            || code.Mnemonic() is Mnemonic.Retf or Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq or Mnemonic.Lss
                or Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw
            || code is Code.Jmp_m1616 or Code.Jmp_m1632 or Code.Jmp_m1664 or Code.Call_m1616 or Code.Call_m1632 or Code.Call_m1664;
        return system ? Family.System : Family.Integer;
    }
}
