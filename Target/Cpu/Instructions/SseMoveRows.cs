using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Moves to, from and between XMM registers, and MXCSR.</summary>
internal static unsafe class SseMoveRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Movaps_xmm_xmmm128, &SseMove.LoadAligned);
        table.Add(Code.Movaps_xmmm128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movapd_xmm_xmmm128, &SseMove.LoadAligned);
        table.Add(Code.Movapd_xmmm128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movdqa_xmm_xmmm128, &SseMove.LoadAligned);
        table.Add(Code.Movdqa_xmmm128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movups_xmm_xmmm128, &SseMove.LoadUnaligned);
        table.Add(Code.Movups_xmmm128_xmm, &SseMove.StoreUnaligned);
        table.Add(Code.Movupd_xmm_xmmm128, &SseMove.LoadUnaligned);
        table.Add(Code.Movupd_xmmm128_xmm, &SseMove.StoreUnaligned);
        table.Add(Code.Movdqu_xmm_xmmm128, &SseMove.LoadUnaligned);
        table.Add(Code.Movdqu_xmmm128_xmm, &SseMove.StoreUnaligned);
        table.Add(Code.Movntdqa_xmm_m128, &SseMove.LoadAligned);
        table.Add(Code.Lddqu_xmm_m128, &SseMove.LoadUnaligned);
        table.Add(Code.Movntps_m128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movntpd_m128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movntdq_m128_xmm, &SseMove.StoreAligned);
        table.Add(Code.Movss_xmm_xmmm32, &SseMove.LoadScalar<uint>);
        table.Add(Code.Movss_xmmm32_xmm, &SseMove.StoreScalar<uint>);
        table.Add(Code.Movsd_xmm_xmmm64, &SseMove.LoadScalar<ulong>);
        table.Add(Code.Movsd_xmmm64_xmm, &SseMove.StoreScalar<ulong>);
        table.Add(Code.Movq_xmm_xmmm64, &SseMove.LoadQuadword);
        table.Add(Code.Movq_xmmm64_xmm, &SseMove.StoreQuadword);
        table.Add(Code.Movd_xmm_rm32, &SseElementForms.FromGeneral<uint>);
        table.Add(Code.Movq_xmm_rm64, &SseElementForms.FromGeneral<ulong>);
        table.Add(Code.Movd_rm32_xmm, &SseElementForms.ToGeneral<uint>);
        table.Add(Code.Movq_rm64_xmm, &SseElementForms.ToGeneral<ulong>);
        table.Add(Code.Movlps_xmm_m64, &SseMoveHalf.LoadLow);
        table.Add(Code.Movlpd_xmm_m64, &SseMoveHalf.LoadLow);
        table.Add(Code.Movhps_xmm_m64, &SseMoveHalf.LoadHigh);
        table.Add(Code.Movhpd_xmm_m64, &SseMoveHalf.LoadHigh);
        table.Add(Code.Movlps_m64_xmm, &SseMoveHalf.StoreLow);
        table.Add(Code.Movlpd_m64_xmm, &SseMoveHalf.StoreLow);
        table.Add(Code.Movhps_m64_xmm, &SseMoveHalf.StoreHigh);
        table.Add(Code.Movhpd_m64_xmm, &SseMoveHalf.StoreHigh);
        table.Add(Code.Movhlps_xmm_xmm, &SseMoveHalf.HighToLow);
        table.Add(Code.Movlhps_xmm_xmm, &SseMoveHalf.LowToHigh);
        table.Add(Code.Maskmovdqu_rDI_xmm_xmm, &SseMoveHalf.MaskedStore);
        table.Add(Code.Movsldup_xmm_xmmm128, &SseForms.Unary<DuplicateEvenSingles>);
        table.Add(Code.Movshdup_xmm_xmmm128, &SseForms.Unary<DuplicateOddSingles>);
        table.Add(Code.Movddup_xmm_xmmm64, &SseForms.Extend<DuplicateLowDouble, ulong>);
        table.Add(Code.Ldmxcsr_m32, &SseControl.Load);
        table.Add(Code.Stmxcsr_m32, &SseControl.Store);
    }
}
