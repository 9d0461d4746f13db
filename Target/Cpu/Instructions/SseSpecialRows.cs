using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>AES, PCLMULQDQ and string comparison rows.</summary>
internal static unsafe class SseSpecialRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Aesenc_xmm_xmmm128, &SseForms.Binary<AesEncrypt>);
        table.Add(Code.Aesenclast_xmm_xmmm128, &SseForms.Binary<AesEncryptLast>);
        table.Add(Code.Aesdec_xmm_xmmm128, &SseForms.Binary<AesDecrypt>);
        table.Add(Code.Aesdeclast_xmm_xmmm128, &SseForms.Binary<AesDecryptLast>);
        table.Add(Code.Aesimc_xmm_xmmm128, &SseForms.Unary<AesInverseMixColumns>);
        table.Add(Code.Aeskeygenassist_xmm_xmmm128_imm8, &SseForms.UnaryImmediate<AesKeyGenerationAssist>);
        table.Add(Code.Pclmulqdq_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<CarrylessMultiply>);
        table.Add(Code.Pcmpestri_xmm_xmmm128_imm8, &SseStringForms.ExplicitIndex);
        table.Add(Code.Pcmpestri64_xmm_xmmm128_imm8, &SseStringForms.ExplicitIndex64);
        table.Add(Code.Pcmpestrm_xmm_xmmm128_imm8, &SseStringForms.ExplicitMask);
        table.Add(Code.Pcmpestrm64_xmm_xmmm128_imm8, &SseStringForms.ExplicitMask64);
        table.Add(Code.Pcmpistri_xmm_xmmm128_imm8, &SseStringForms.ImplicitIndex);
        table.Add(Code.Pcmpistrm_xmm_xmmm128_imm8, &SseStringForms.ImplicitMask);
    }
}
