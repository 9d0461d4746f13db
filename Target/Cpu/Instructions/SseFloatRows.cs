using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Floating-point arithmetic and comparison rows.</summary>
internal static unsafe class SseFloatRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Addps_xmm_xmmm128, &SseFloatForms.PackedSingle<FloatAdd>);
        table.Add(Code.Addpd_xmm_xmmm128, &SseFloatForms.PackedDouble<FloatAdd>);
        table.Add(Code.Addss_xmm_xmmm32, &SseFloatForms.ScalarSingle<FloatAdd>);
        table.Add(Code.Addsd_xmm_xmmm64, &SseFloatForms.ScalarDouble<FloatAdd>);
        table.Add(Code.Subps_xmm_xmmm128, &SseFloatForms.PackedSingle<FloatSubtract>);
        table.Add(Code.Subpd_xmm_xmmm128, &SseFloatForms.PackedDouble<FloatSubtract>);
        table.Add(Code.Subss_xmm_xmmm32, &SseFloatForms.ScalarSingle<FloatSubtract>);
        table.Add(Code.Subsd_xmm_xmmm64, &SseFloatForms.ScalarDouble<FloatSubtract>);
        table.Add(Code.Mulps_xmm_xmmm128, &SseFloatForms.PackedSingle<FloatMultiply>);
        table.Add(Code.Mulpd_xmm_xmmm128, &SseFloatForms.PackedDouble<FloatMultiply>);
        table.Add(Code.Mulss_xmm_xmmm32, &SseFloatForms.ScalarSingle<FloatMultiply>);
        table.Add(Code.Mulsd_xmm_xmmm64, &SseFloatForms.ScalarDouble<FloatMultiply>);
        table.Add(Code.Divps_xmm_xmmm128, &SseFloatForms.PackedSingle<FloatDivide>);
        table.Add(Code.Divpd_xmm_xmmm128, &SseFloatForms.PackedDouble<FloatDivide>);
        table.Add(Code.Divss_xmm_xmmm32, &SseFloatForms.ScalarSingle<FloatDivide>);
        table.Add(Code.Divsd_xmm_xmmm64, &SseFloatForms.ScalarDouble<FloatDivide>);
        table.Add(Code.Sqrtps_xmm_xmmm128, &SseFloatForms.PackedSingle<FloatSquareRoot>);
        table.Add(Code.Sqrtpd_xmm_xmmm128, &SseFloatForms.PackedDouble<FloatSquareRoot>);
        table.Add(Code.Sqrtss_xmm_xmmm32, &SseFloatForms.ScalarSingle<FloatSquareRoot>);
        table.Add(Code.Sqrtsd_xmm_xmmm64, &SseFloatForms.ScalarDouble<FloatSquareRoot>);
        table.Add(Code.Minps_xmm_xmmm128, &SseMinMaxForms.PackedSingle<FloatMinimum>);
        table.Add(Code.Minpd_xmm_xmmm128, &SseMinMaxForms.PackedDouble<FloatMinimum>);
        table.Add(Code.Minss_xmm_xmmm32, &SseMinMaxForms.ScalarSingle<FloatMinimum>);
        table.Add(Code.Minsd_xmm_xmmm64, &SseMinMaxForms.ScalarDouble<FloatMinimum>);
        table.Add(Code.Maxps_xmm_xmmm128, &SseMinMaxForms.PackedSingle<FloatMaximum>);
        table.Add(Code.Maxpd_xmm_xmmm128, &SseMinMaxForms.PackedDouble<FloatMaximum>);
        table.Add(Code.Maxss_xmm_xmmm32, &SseMinMaxForms.ScalarSingle<FloatMaximum>);
        table.Add(Code.Maxsd_xmm_xmmm64, &SseMinMaxForms.ScalarDouble<FloatMaximum>);
        table.Add(Code.Cmpps_xmm_xmmm128_imm8, &SseFloatCompare.PackedSingle);
        table.Add(Code.Cmppd_xmm_xmmm128_imm8, &SseFloatCompare.PackedDouble);
        table.Add(Code.Cmpss_xmm_xmmm32_imm8, &SseFloatCompare.ScalarSingle);
        table.Add(Code.Cmpsd_xmm_xmmm64_imm8, &SseFloatCompare.ScalarDouble);
        table.Add(Code.Roundps_xmm_xmmm128_imm8, &SseFloatRound.PackedSingle);
        table.Add(Code.Roundpd_xmm_xmmm128_imm8, &SseFloatRound.PackedDouble);
        table.Add(Code.Roundss_xmm_xmmm32_imm8, &SseFloatRound.ScalarSingle);
        table.Add(Code.Roundsd_xmm_xmmm64_imm8, &SseFloatRound.ScalarDouble);
        table.Add(Code.Comiss_xmm_xmmm32, &SseFloatOrder.OrderedSingle);
        table.Add(Code.Comisd_xmm_xmmm64, &SseFloatOrder.OrderedDouble);
        table.Add(Code.Ucomiss_xmm_xmmm32, &SseFloatOrder.UnorderedSingle);
        table.Add(Code.Ucomisd_xmm_xmmm64, &SseFloatOrder.UnorderedDouble);
        table.Add(Code.Haddps_xmm_xmmm128, &SseFloatMixForms.Binary<HorizontalSingles<FloatAdd>>);
        table.Add(Code.Haddpd_xmm_xmmm128, &SseFloatMixForms.Binary<HorizontalDoubles<FloatAdd>>);
        table.Add(Code.Hsubps_xmm_xmmm128, &SseFloatMixForms.Binary<HorizontalSingles<FloatSubtract>>);
        table.Add(Code.Hsubpd_xmm_xmmm128, &SseFloatMixForms.Binary<HorizontalDoubles<FloatSubtract>>);
        table.Add(Code.Addsubps_xmm_xmmm128, &SseFloatMixForms.Binary<AddSubtractSingles>);
        table.Add(Code.Addsubpd_xmm_xmmm128, &SseFloatMixForms.Binary<AddSubtractDoubles>);
        table.Add(Code.Dpps_xmm_xmmm128_imm8, &SseFloatDot.PackedSingle);
        table.Add(Code.Dppd_xmm_xmmm128_imm8, &SseFloatDot.PackedDouble);
        table.Add(Code.Rcpps_xmm_xmmm128, &SseForms.Unary<PackedReciprocal>);
        table.Add(Code.Rcpss_xmm_xmmm32, &SseFloatEstimate.ReciprocalScalar);
        table.Add(Code.Rsqrtps_xmm_xmmm128, &SseForms.Unary<PackedReciprocalSquareRoot>);
        table.Add(Code.Rsqrtss_xmm_xmmm32, &SseFloatEstimate.ReciprocalSquareRootScalar);
    }
}
