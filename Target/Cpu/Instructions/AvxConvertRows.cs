using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VEX-encoded conversion, AES, PCLMULQDQ and string comparison rows.</summary>
internal static unsafe class AvxConvertRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.VEX_Vcvtsi2ss_xmm_xmm_rm32, &AvxConvert.Int32ToSingle);
        table.Add(Code.VEX_Vcvtsi2ss_xmm_xmm_rm64, &AvxConvert.Int64ToSingle);
        table.Add(Code.VEX_Vcvtsi2sd_xmm_xmm_rm32, &AvxConvert.Int32ToDouble);
        table.Add(Code.VEX_Vcvtsi2sd_xmm_xmm_rm64, &AvxConvert.Int64ToDouble);
        table.Add(Code.VEX_Vcvtss2si_r32_xmmm32, &SseConvertInteger.SingleToInt32);
        table.Add(Code.VEX_Vcvtss2si_r64_xmmm32, &SseConvertInteger.SingleToInt64);
        table.Add(Code.VEX_Vcvttss2si_r32_xmmm32, &SseConvertInteger.TruncateSingleToInt32);
        table.Add(Code.VEX_Vcvttss2si_r64_xmmm32, &SseConvertInteger.TruncateSingleToInt64);
        table.Add(Code.VEX_Vcvtsd2si_r32_xmmm64, &SseConvertInteger.DoubleToInt32);
        table.Add(Code.VEX_Vcvtsd2si_r64_xmmm64, &SseConvertInteger.DoubleToInt64);
        table.Add(Code.VEX_Vcvttsd2si_r32_xmmm64, &SseConvertInteger.TruncateDoubleToInt32);
        table.Add(Code.VEX_Vcvttsd2si_r64_xmmm64, &SseConvertInteger.TruncateDoubleToInt64);
        table.Add(Mnemonic.Vcvtss2sd, &AvxConvert.SingleToDouble);
        table.Add(Mnemonic.Vcvtsd2ss, &AvxConvert.DoubleToSingle);
        table.Add(Mnemonic.Vcvtps2pd, &AvxConvert.Widen<SinglesToDoubles>);
        table.Add(Mnemonic.Vcvtph2ps, &AvxConvert.Widen<HalvesToSingles>);
        table.Add(Mnemonic.Vcvtps2ph, &AvxConvert.SinglesToHalves);
        table.Add(Mnemonic.Vcvtpd2ps, &AvxConvert.Narrow<DoublesToSingles>);
        table.Add(Mnemonic.Vcvtpd2dq, &AvxConvert.Narrow<DoublesToInt32s>);
        table.Add(Mnemonic.Vcvttpd2dq, &AvxConvert.Narrow<DoublesTruncatedToInt32s>);
        table.Add(Mnemonic.Vcvtdq2ps, &AvxConvert.Same<Int32sToSingles>);
        table.Add(Mnemonic.Vcvtps2dq, &AvxConvert.Same<SinglesToInt32s>);
        table.Add(Mnemonic.Vcvttps2dq, &AvxConvert.Same<SinglesTruncatedToInt32s>);
        table.Add(Mnemonic.Vcvtdq2pd, &AvxForms.Extend<Int32sToDoubles, ulong>);
        table.Add(Mnemonic.Vaesenc, &AvxForms.Binary<AesEncrypt>);
        table.Add(Mnemonic.Vaesenclast, &AvxForms.Binary<AesEncryptLast>);
        table.Add(Mnemonic.Vaesdec, &AvxForms.Binary<AesDecrypt>);
        table.Add(Mnemonic.Vaesdeclast, &AvxForms.Binary<AesDecryptLast>);
        table.Add(Mnemonic.Vaesimc, &AvxForms.Unary<AesInverseMixColumns>);
        table.Add(Mnemonic.Vaeskeygenassist, &AvxForms.UnaryImmediate<AesKeyGenerationAssist, SameControl>);
        table.Add(Mnemonic.Vpclmulqdq, &AvxForms.BinaryImmediate<CarrylessMultiply, SameControl>);
        table.Add(Mnemonic.Vpcmpestri, &SseStringForms.ExplicitIndex);
        table.Add(Mnemonic.Vpcmpestri64, &SseStringForms.ExplicitIndex64);
        table.Add(Mnemonic.Vpcmpistri, &SseStringForms.ImplicitIndex);
        table.Add(Mnemonic.Vpcmpestrm, &AvxString.ExplicitMask);
        table.Add(Mnemonic.Vpcmpestrm64, &AvxString.ExplicitMask64);
        table.Add(Mnemonic.Vpcmpistrm, &AvxString.ImplicitMask);
    }
}
