using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Logic, packing, shuffling, blending and element rows.</summary>
internal static unsafe class SseShuffleRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Packsswb_xmm_xmmm128, &SseForms.Binary<PackWordsSigned>);
        table.Add(Code.Packssdw_xmm_xmmm128, &SseForms.Binary<PackDoublewordsSigned>);
        table.Add(Code.Packuswb_xmm_xmmm128, &SseForms.Binary<PackWordsUnsigned>);
        table.Add(Code.Packusdw_xmm_xmmm128, &SseForms.Binary<PackDoublewordsUnsigned>);
        table.Add(Code.Punpcklbw_xmm_xmmm128, &SseForms.Binary<UnpackLowBytes>);
        table.Add(Code.Punpckhbw_xmm_xmmm128, &SseForms.Binary<UnpackHighBytes>);
        table.Add(Code.Punpcklwd_xmm_xmmm128, &SseForms.Binary<UnpackLowWords>);
        table.Add(Code.Punpckhwd_xmm_xmmm128, &SseForms.Binary<UnpackHighWords>);
        table.Add(Code.Punpckldq_xmm_xmmm128, &SseForms.Binary<UnpackLowDoublewords>);
        table.Add(Code.Punpckhdq_xmm_xmmm128, &SseForms.Binary<UnpackHighDoublewords>);
        table.Add(Code.Punpcklqdq_xmm_xmmm128, &SseForms.Binary<UnpackLowQuadwords>);
        table.Add(Code.Punpckhqdq_xmm_xmmm128, &SseForms.Binary<UnpackHighQuadwords>);
        table.Add(Code.Unpcklps_xmm_xmmm128, &SseForms.Binary<UnpackLowDoublewords>);
        table.Add(Code.Unpckhps_xmm_xmmm128, &SseForms.Binary<UnpackHighDoublewords>);
        table.Add(Code.Unpcklpd_xmm_xmmm128, &SseForms.Binary<UnpackLowQuadwords>);
        table.Add(Code.Unpckhpd_xmm_xmmm128, &SseForms.Binary<UnpackHighQuadwords>);
        table.Add(Code.Pshufb_xmm_xmmm128, &SseForms.Binary<ShuffleBytes>);
        table.Add(Code.Pand_xmm_xmmm128, &SseForms.Binary<PackedAnd>);
        table.Add(Code.Andps_xmm_xmmm128, &SseForms.Binary<PackedAnd>);
        table.Add(Code.Andpd_xmm_xmmm128, &SseForms.Binary<PackedAnd>);
        table.Add(Code.Pandn_xmm_xmmm128, &SseForms.Binary<PackedAndNot>);
        table.Add(Code.Andnps_xmm_xmmm128, &SseForms.Binary<PackedAndNot>);
        table.Add(Code.Andnpd_xmm_xmmm128, &SseForms.Binary<PackedAndNot>);
        table.Add(Code.Por_xmm_xmmm128, &SseForms.Binary<PackedOr>);
        table.Add(Code.Orps_xmm_xmmm128, &SseForms.Binary<PackedOr>);
        table.Add(Code.Orpd_xmm_xmmm128, &SseForms.Binary<PackedOr>);
        table.Add(Code.Pxor_xmm_xmmm128, &SseForms.Binary<PackedXor>);
        table.Add(Code.Xorps_xmm_xmmm128, &SseForms.Binary<PackedXor>);
        table.Add(Code.Xorpd_xmm_xmmm128, &SseForms.Binary<PackedXor>);
        table.Add(Code.Ptest_xmm_xmmm128, &SseForms.Test);
        table.Add(Code.Palignr_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<AlignRight>);
        table.Add(Code.Shufps_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<ShuffleSingles>);
        table.Add(Code.Shufpd_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<ShuffleDoubles>);
        table.Add(Code.Pblendw_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<BlendWords>);
        table.Add(Code.Blendps_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<BlendSingles>);
        table.Add(Code.Blendpd_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<BlendDoubles>);
        table.Add(Code.Pshufd_xmm_xmmm128_imm8, &SseForms.UnaryImmediate<ShuffleDoublewords>);
        table.Add(Code.Pshuflw_xmm_xmmm128_imm8, &SseForms.UnaryImmediate<ShuffleLowWords>);
        table.Add(Code.Pshufhw_xmm_xmmm128_imm8, &SseForms.UnaryImmediate<ShuffleHighWords>);
        table.Add(Code.Pblendvb_xmm_xmmm128, &SseForms.BlendByXmm0<sbyte>);
        table.Add(Code.Blendvps_xmm_xmmm128, &SseForms.BlendByXmm0<int>);
        table.Add(Code.Blendvpd_xmm_xmmm128, &SseForms.BlendByXmm0<long>);
        table.Add(Code.Pmovsxbw_xmm_xmmm64, &SseForms.Extend<SignExtendByteToWord, ulong>);
        table.Add(Code.Pmovsxbd_xmm_xmmm32, &SseForms.Extend<SignExtendByteToDoubleword, uint>);
        table.Add(Code.Pmovsxbq_xmm_xmmm16, &SseForms.Extend<SignExtendByteToQuadword, ushort>);
        table.Add(Code.Pmovsxwd_xmm_xmmm64, &SseForms.Extend<SignExtendWordToDoubleword, ulong>);
        table.Add(Code.Pmovsxwq_xmm_xmmm32, &SseForms.Extend<SignExtendWordToQuadword, uint>);
        table.Add(Code.Pmovsxdq_xmm_xmmm64, &SseForms.Extend<SignExtendDoublewordToQuadword, ulong>);
        table.Add(Code.Pmovzxbw_xmm_xmmm64, &SseForms.Extend<ZeroExtendByteToWord, ulong>);
        table.Add(Code.Pmovzxbd_xmm_xmmm32, &SseForms.Extend<ZeroExtendByteToDoubleword, uint>);
        table.Add(Code.Pmovzxbq_xmm_xmmm16, &SseForms.Extend<ZeroExtendByteToQuadword, ushort>);
        table.Add(Code.Pmovzxwd_xmm_xmmm64, &SseForms.Extend<ZeroExtendWordToDoubleword, ulong>);
        table.Add(Code.Pmovzxwq_xmm_xmmm32, &SseForms.Extend<ZeroExtendWordToQuadword, uint>);
        table.Add(Code.Pmovzxdq_xmm_xmmm64, &SseForms.Extend<ZeroExtendDoublewordToQuadword, ulong>);
        table.Add(Code.Pmovmskb_r32_xmm, &SseForms.SignBits<byte>);
        table.Add(Code.Movmskps_r32_xmm, &SseForms.SignBits<uint>);
        table.Add(Code.Movmskpd_r32_xmm, &SseForms.SignBits<ulong>);
        table.Add(Code.Pmovmskb_r64_xmm, &SseForms.SignBits<byte>);
        table.Add(Code.Movmskps_r64_xmm, &SseForms.SignBits<uint>);
        table.Add(Code.Movmskpd_r64_xmm, &SseForms.SignBits<ulong>);
        table.Add(Code.Pextrb_r32m8_xmm_imm8, &SseElementForms.Extract<byte>);
        table.Add(Code.Pextrb_r64m8_xmm_imm8, &SseElementForms.Extract<byte>);
        table.Add(Code.Pextrw_r32m16_xmm_imm8, &SseElementForms.Extract<ushort>);
        table.Add(Code.Pextrw_r64m16_xmm_imm8, &SseElementForms.Extract<ushort>);
        table.Add(Code.Pextrw_r32_xmm_imm8, &SseElementForms.Extract<ushort>);
        table.Add(Code.Pextrw_r64_xmm_imm8, &SseElementForms.Extract<ushort>);
        table.Add(Code.Pextrd_rm32_xmm_imm8, &SseElementForms.Extract<uint>);
        table.Add(Code.Pextrq_rm64_xmm_imm8, &SseElementForms.Extract<ulong>);
        table.Add(Code.Extractps_rm32_xmm_imm8, &SseElementForms.Extract<uint>);
        table.Add(Code.Extractps_r64m32_xmm_imm8, &SseElementForms.Extract<uint>);
        table.Add(Code.Pinsrb_xmm_r32m8_imm8, &SseElementForms.Insert<byte>);
        table.Add(Code.Pinsrb_xmm_r64m8_imm8, &SseElementForms.Insert<byte>);
        table.Add(Code.Pinsrw_xmm_r32m16_imm8, &SseElementForms.Insert<ushort>);
        table.Add(Code.Pinsrw_xmm_r64m16_imm8, &SseElementForms.Insert<ushort>);
        table.Add(Code.Pinsrd_xmm_rm32_imm8, &SseElementForms.Insert<uint>);
        table.Add(Code.Pinsrq_xmm_rm64_imm8, &SseElementForms.Insert<ulong>);
        table.Add(Code.Insertps_xmm_xmmm32_imm8, &SseElementForms.InsertSingleElement);
    }
}
