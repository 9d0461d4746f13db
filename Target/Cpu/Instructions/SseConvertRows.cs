using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Conversion rows; those with MMX operands belong to MMX.</summary>
internal static unsafe class SseConvertRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Cvtsi2ss_xmm_rm32, &SseConvertInteger.Int32ToSingle);
        table.Add(Code.Cvtsi2ss_xmm_rm64, &SseConvertInteger.Int64ToSingle);
        table.Add(Code.Cvtsi2sd_xmm_rm32, &SseConvertInteger.Int32ToDouble);
        table.Add(Code.Cvtsi2sd_xmm_rm64, &SseConvertInteger.Int64ToDouble);
        table.Add(Code.Cvtss2si_r32_xmmm32, &SseConvertInteger.SingleToInt32);
        table.Add(Code.Cvtss2si_r64_xmmm32, &SseConvertInteger.SingleToInt64);
        table.Add(Code.Cvttss2si_r32_xmmm32, &SseConvertInteger.TruncateSingleToInt32);
        table.Add(Code.Cvttss2si_r64_xmmm32, &SseConvertInteger.TruncateSingleToInt64);
        table.Add(Code.Cvtsd2si_r32_xmmm64, &SseConvertInteger.DoubleToInt32);
        table.Add(Code.Cvtsd2si_r64_xmmm64, &SseConvertInteger.DoubleToInt64);
        table.Add(Code.Cvttsd2si_r32_xmmm64, &SseConvertInteger.TruncateDoubleToInt32);
        table.Add(Code.Cvttsd2si_r64_xmmm64, &SseConvertInteger.TruncateDoubleToInt64);
        table.Add(Code.Cvtss2sd_xmm_xmmm32, &SseConvertForms.SingleToDouble);
        table.Add(Code.Cvtsd2ss_xmm_xmmm64, &SseConvertForms.DoubleToSingle);
        table.Add(Code.Cvtps2pd_xmm_xmmm64, &SseConvertForms.Half<SinglesToDoubles>);
        table.Add(Code.Cvtpd2ps_xmm_xmmm128, &SseConvertForms.Full<DoublesToSingles>);
        table.Add(Code.Cvtdq2ps_xmm_xmmm128, &SseConvertForms.Full<Int32sToSingles>);
        table.Add(Code.Cvtdq2pd_xmm_xmmm64, &SseForms.Extend<Int32sToDoubles, ulong>);
        table.Add(Code.Cvtps2dq_xmm_xmmm128, &SseConvertForms.Full<SinglesToInt32s>);
        table.Add(Code.Cvttps2dq_xmm_xmmm128, &SseConvertForms.Full<SinglesTruncatedToInt32s>);
        table.Add(Code.Cvtpd2dq_xmm_xmmm128, &SseConvertForms.Full<DoublesToInt32s>);
        table.Add(Code.Cvttpd2dq_xmm_xmmm128, &SseConvertForms.Full<DoublesTruncatedToInt32s>);
    }
}
