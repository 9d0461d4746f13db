using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>All instructions with an MMX register operand, of MMX, SSE, SSE2 and SSSE3.</summary>
internal static unsafe class MmxFamily
{
    public static void Register(InstructionTable table)
    {
        Lanes(table);
        Spread(table);
        Shifts(table);
        Moves(table);
        Conversions(table);
    }

    private static void Lanes(InstructionTable table)
    {
        table.Add(Code.Paddb_mm_mmm64, &MmxForms.Lanes<PackedAdd<byte>>);
        table.Add(Code.Paddw_mm_mmm64, &MmxForms.Lanes<PackedAdd<ushort>>);
        table.Add(Code.Paddd_mm_mmm64, &MmxForms.Lanes<PackedAdd<uint>>);
        table.Add(Code.Paddq_mm_mmm64, &MmxForms.Lanes<PackedAdd<ulong>>);
        table.Add(Code.Psubb_mm_mmm64, &MmxForms.Lanes<PackedSubtract<byte>>);
        table.Add(Code.Psubw_mm_mmm64, &MmxForms.Lanes<PackedSubtract<ushort>>);
        table.Add(Code.Psubd_mm_mmm64, &MmxForms.Lanes<PackedSubtract<uint>>);
        table.Add(Code.Psubq_mm_mmm64, &MmxForms.Lanes<PackedSubtract<ulong>>);
        table.Add(Code.Paddsb_mm_mmm64, &MmxForms.Lanes<PackedAddSaturate<sbyte>>);
        table.Add(Code.Paddsw_mm_mmm64, &MmxForms.Lanes<PackedAddSaturate<short>>);
        table.Add(Code.Paddusb_mm_mmm64, &MmxForms.Lanes<PackedAddSaturate<byte>>);
        table.Add(Code.Paddusw_mm_mmm64, &MmxForms.Lanes<PackedAddSaturate<ushort>>);
        table.Add(Code.Psubsb_mm_mmm64, &MmxForms.Lanes<PackedSubtractSaturate<sbyte>>);
        table.Add(Code.Psubsw_mm_mmm64, &MmxForms.Lanes<PackedSubtractSaturate<short>>);
        table.Add(Code.Psubusb_mm_mmm64, &MmxForms.Lanes<PackedSubtractSaturate<byte>>);
        table.Add(Code.Psubusw_mm_mmm64, &MmxForms.Lanes<PackedSubtractSaturate<ushort>>);
        table.Add(Code.Pminub_mm_mmm64, &MmxForms.Lanes<PackedMinimum<byte>>);
        table.Add(Code.Pminsw_mm_mmm64, &MmxForms.Lanes<PackedMinimum<short>>);
        table.Add(Code.Pmaxub_mm_mmm64, &MmxForms.Lanes<PackedMaximum<byte>>);
        table.Add(Code.Pmaxsw_mm_mmm64, &MmxForms.Lanes<PackedMaximum<short>>);
        table.Add(Code.Pavgb_mm_mmm64, &MmxForms.Lanes<PackedAverageBytes>);
        table.Add(Code.Pavgw_mm_mmm64, &MmxForms.Lanes<PackedAverageWords>);
        table.Add(Code.Pcmpeqb_mm_mmm64, &MmxForms.Lanes<PackedCompareEqual<byte>>);
        table.Add(Code.Pcmpeqw_mm_mmm64, &MmxForms.Lanes<PackedCompareEqual<ushort>>);
        table.Add(Code.Pcmpeqd_mm_mmm64, &MmxForms.Lanes<PackedCompareEqual<uint>>);
        table.Add(Code.Pcmpgtb_mm_mmm64, &MmxForms.Lanes<PackedCompareGreater<sbyte>>);
        table.Add(Code.Pcmpgtw_mm_mmm64, &MmxForms.Lanes<PackedCompareGreater<short>>);
        table.Add(Code.Pcmpgtd_mm_mmm64, &MmxForms.Lanes<PackedCompareGreater<int>>);
        table.Add(Code.Pmullw_mm_mmm64, &MmxForms.Lanes<PackedMultiplyLow<short>>);
        table.Add(Code.Pmulhw_mm_mmm64, &MmxForms.Lanes<PackedMultiplyHighSigned>);
        table.Add(Code.Pmulhuw_mm_mmm64, &MmxForms.Lanes<PackedMultiplyHighUnsigned>);
        table.Add(Code.Pmulhrsw_mm_mmm64, &MmxForms.Lanes<PackedMultiplyHighRound>);
        table.Add(Code.Pmuludq_mm_mmm64, &MmxForms.Lanes<PackedMultiplyUnsignedWide>);
        table.Add(Code.Pmaddwd_mm_mmm64, &MmxForms.Lanes<PackedMultiplyAddWords>);
        table.Add(Code.Pmaddubsw_mm_mmm64, &MmxForms.Lanes<PackedMultiplyAddBytes>);
        table.Add(Code.Psadbw_mm_mmm64, &MmxForms.Lanes<PackedSumAbsoluteDifferences>);
        table.Add(Code.Psignb_mm_mmm64, &MmxForms.Lanes<PackedSign<sbyte>>);
        table.Add(Code.Psignw_mm_mmm64, &MmxForms.Lanes<PackedSign<short>>);
        table.Add(Code.Psignd_mm_mmm64, &MmxForms.Lanes<PackedSign<int>>);
        table.Add(Code.Pand_mm_mmm64, &MmxForms.Lanes<PackedAnd>);
        table.Add(Code.Pandn_mm_mmm64, &MmxForms.Lanes<PackedAndNot>);
        table.Add(Code.Por_mm_mmm64, &MmxForms.Lanes<PackedOr>);
        table.Add(Code.Pxor_mm_mmm64, &MmxForms.Lanes<PackedXor>);
        table.Add(Code.Pabsb_mm_mmm64, &MmxForms.Unary<PackedAbsolute<sbyte>>);
        table.Add(Code.Pabsw_mm_mmm64, &MmxForms.Unary<PackedAbsolute<short>>);
        table.Add(Code.Pabsd_mm_mmm64, &MmxForms.Unary<PackedAbsolute<int>>);
    }

    private static void Spread(InstructionTable table)
    {
        table.Add(Code.Packsswb_mm_mmm64, &MmxForms.Joined<PackWordsSigned>);
        table.Add(Code.Packssdw_mm_mmm64, &MmxForms.Joined<PackDoublewordsSigned>);
        table.Add(Code.Packuswb_mm_mmm64, &MmxForms.Joined<PackWordsUnsigned>);
        table.Add(Code.Phaddw_mm_mmm64, &MmxForms.Joined<PackedHorizontalAddWords>);
        table.Add(Code.Phaddd_mm_mmm64, &MmxForms.Joined<PackedHorizontalAddDoublewords>);
        table.Add(Code.Phaddsw_mm_mmm64, &MmxForms.Joined<PackedHorizontalAddSaturate>);
        table.Add(Code.Phsubw_mm_mmm64, &MmxForms.Joined<PackedHorizontalSubtractWords>);
        table.Add(Code.Phsubd_mm_mmm64, &MmxForms.Joined<PackedHorizontalSubtractDoublewords>);
        table.Add(Code.Phsubsw_mm_mmm64, &MmxForms.Joined<PackedHorizontalSubtractSaturate>);
        table.Add(Code.Punpcklbw_mm_mmm32, &MmxForms.UnpackLow<UnpackLowBytes>);
        table.Add(Code.Punpcklwd_mm_mmm32, &MmxForms.UnpackLow<UnpackLowWords>);
        table.Add(Code.Punpckldq_mm_mmm32, &MmxForms.UnpackLow<UnpackLowDoublewords>);
        table.Add(Code.Punpckhbw_mm_mmm64, &MmxForms.UnpackHigh<UnpackLowBytes>);
        table.Add(Code.Punpckhwd_mm_mmm64, &MmxForms.UnpackHigh<UnpackLowWords>);
        table.Add(Code.Punpckhdq_mm_mmm64, &MmxForms.UnpackHigh<UnpackLowDoublewords>);
        table.Add(Code.Pshufb_mm_mmm64, &MmxForms.ShuffleBytes);
        table.Add(Code.Pshufw_mm_mmm64_imm8, &MmxForms.ShuffleWords);
        table.Add(Code.Palignr_mm_mmm64_imm8, &MmxForms.AlignRight);
    }

    private static void Shifts(InstructionTable table)
    {
        table.Add(Code.Psllw_mm_mmm64, &MmxForms.Shift<PackedShiftLeft<ushort>>);
        table.Add(Code.Pslld_mm_mmm64, &MmxForms.Shift<PackedShiftLeft<uint>>);
        table.Add(Code.Psllq_mm_mmm64, &MmxForms.Shift<PackedShiftLeft<ulong>>);
        table.Add(Code.Psrlw_mm_mmm64, &MmxForms.Shift<PackedShiftRight<ushort>>);
        table.Add(Code.Psrld_mm_mmm64, &MmxForms.Shift<PackedShiftRight<uint>>);
        table.Add(Code.Psrlq_mm_mmm64, &MmxForms.Shift<PackedShiftRight<ulong>>);
        table.Add(Code.Psraw_mm_mmm64, &MmxForms.Shift<PackedShiftRightArithmetic<short>>);
        table.Add(Code.Psrad_mm_mmm64, &MmxForms.Shift<PackedShiftRightArithmetic<int>>);
        table.Add(Code.Psllw_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftLeft<ushort>>);
        table.Add(Code.Pslld_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftLeft<uint>>);
        table.Add(Code.Psllq_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftLeft<ulong>>);
        table.Add(Code.Psrlw_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftRight<ushort>>);
        table.Add(Code.Psrld_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftRight<uint>>);
        table.Add(Code.Psrlq_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftRight<ulong>>);
        table.Add(Code.Psraw_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftRightArithmetic<short>>);
        table.Add(Code.Psrad_mm_imm8, &MmxForms.ShiftImmediate<PackedShiftRightArithmetic<int>>);
    }

    private static void Moves(InstructionTable table)
    {
        table.Add(Code.Movd_mm_rm32, &MmxMove.FromGeneral<uint>);
        table.Add(Code.Movq_mm_rm64, &MmxMove.FromGeneral<ulong>);
        table.Add(Code.Movd_rm32_mm, &MmxMove.ToGeneral<uint>);
        table.Add(Code.Movq_rm64_mm, &MmxMove.ToGeneral<ulong>);
        table.Add(Code.Movq_mm_mmm64, &MmxMove.Load);
        table.Add(Code.Movq_mmm64_mm, &MmxMove.Store);
        table.Add(Code.Movntq_m64_mm, &MmxMove.Store);
        table.Add(Code.Maskmovq_rDI_mm_mm, &MmxMove.MaskedStore);
        table.Add(Code.Movq2dq_xmm_mm, &MmxMove.ToXmm);
        table.Add(Code.Movdq2q_mm_xmm, &MmxMove.FromXmm);
        table.Add(Code.Pinsrw_mm_r32m16_imm8, &MmxMove.InsertWord);
        table.Add(Code.Pinsrw_mm_r64m16_imm8, &MmxMove.InsertWord);
        table.Add(Code.Pextrw_r32_mm_imm8, &MmxMove.ExtractWord);
        table.Add(Code.Pextrw_r64_mm_imm8, &MmxMove.ExtractWord);
        table.Add(Code.Pmovmskb_r32_mm, &MmxMove.MoveMask);
        table.Add(Code.Pmovmskb_r64_mm, &MmxMove.MoveMask);
        table.Add(Code.Emms, &MmxMove.Empty);
    }

    private static void Conversions(InstructionTable table)
    {
        table.Add(Code.Cvtpi2ps_xmm_mmm64, &MmxConvert.ToSingles);
        table.Add(Code.Cvtpi2pd_xmm_mmm64, &MmxConvert.ToDoubles);
        table.Add(Code.Cvtps2pi_mm_xmmm64, &MmxConvert.FromSingles<SinglesToInt32s>);
        table.Add(Code.Cvttps2pi_mm_xmmm64, &MmxConvert.FromSingles<SinglesTruncatedToInt32s>);
        table.Add(Code.Cvtpd2pi_mm_xmmm128, &MmxConvert.FromDoubles<DoublesToInt32s>);
        table.Add(Code.Cvttpd2pi_mm_xmmm128, &MmxConvert.FromDoubles<DoublesTruncatedToInt32s>);
    }
}
