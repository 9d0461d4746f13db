using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Integer arithmetic, comparison and shift rows, keyed by encoding: MMX has the same mnemonics.</summary>
internal static unsafe class SseArithmeticRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Paddb_xmm_xmmm128, &SseForms.Binary<PackedAdd<byte>>);
        table.Add(Code.Paddw_xmm_xmmm128, &SseForms.Binary<PackedAdd<ushort>>);
        table.Add(Code.Paddd_xmm_xmmm128, &SseForms.Binary<PackedAdd<uint>>);
        table.Add(Code.Paddq_xmm_xmmm128, &SseForms.Binary<PackedAdd<ulong>>);
        table.Add(Code.Psubb_xmm_xmmm128, &SseForms.Binary<PackedSubtract<byte>>);
        table.Add(Code.Psubw_xmm_xmmm128, &SseForms.Binary<PackedSubtract<ushort>>);
        table.Add(Code.Psubd_xmm_xmmm128, &SseForms.Binary<PackedSubtract<uint>>);
        table.Add(Code.Psubq_xmm_xmmm128, &SseForms.Binary<PackedSubtract<ulong>>);
        table.Add(Code.Paddsb_xmm_xmmm128, &SseForms.Binary<PackedAddSaturate<sbyte>>);
        table.Add(Code.Paddusb_xmm_xmmm128, &SseForms.Binary<PackedAddSaturate<byte>>);
        table.Add(Code.Psubsb_xmm_xmmm128, &SseForms.Binary<PackedSubtractSaturate<sbyte>>);
        table.Add(Code.Psubusb_xmm_xmmm128, &SseForms.Binary<PackedSubtractSaturate<byte>>);
        table.Add(Code.Paddsw_xmm_xmmm128, &SseForms.Binary<PackedAddSaturate<short>>);
        table.Add(Code.Paddusw_xmm_xmmm128, &SseForms.Binary<PackedAddSaturate<ushort>>);
        table.Add(Code.Psubsw_xmm_xmmm128, &SseForms.Binary<PackedSubtractSaturate<short>>);
        table.Add(Code.Psubusw_xmm_xmmm128, &SseForms.Binary<PackedSubtractSaturate<ushort>>);
        table.Add(Code.Pminsb_xmm_xmmm128, &SseForms.Binary<PackedMinimum<sbyte>>);
        table.Add(Code.Pminub_xmm_xmmm128, &SseForms.Binary<PackedMinimum<byte>>);
        table.Add(Code.Pmaxsb_xmm_xmmm128, &SseForms.Binary<PackedMaximum<sbyte>>);
        table.Add(Code.Pmaxub_xmm_xmmm128, &SseForms.Binary<PackedMaximum<byte>>);
        table.Add(Code.Pminsw_xmm_xmmm128, &SseForms.Binary<PackedMinimum<short>>);
        table.Add(Code.Pminuw_xmm_xmmm128, &SseForms.Binary<PackedMinimum<ushort>>);
        table.Add(Code.Pmaxsw_xmm_xmmm128, &SseForms.Binary<PackedMaximum<short>>);
        table.Add(Code.Pmaxuw_xmm_xmmm128, &SseForms.Binary<PackedMaximum<ushort>>);
        table.Add(Code.Pminsd_xmm_xmmm128, &SseForms.Binary<PackedMinimum<int>>);
        table.Add(Code.Pminud_xmm_xmmm128, &SseForms.Binary<PackedMinimum<uint>>);
        table.Add(Code.Pmaxsd_xmm_xmmm128, &SseForms.Binary<PackedMaximum<int>>);
        table.Add(Code.Pmaxud_xmm_xmmm128, &SseForms.Binary<PackedMaximum<uint>>);
        table.Add(Code.Pcmpeqb_xmm_xmmm128, &SseForms.Binary<PackedCompareEqual<byte>>);
        table.Add(Code.Pcmpgtb_xmm_xmmm128, &SseForms.Binary<PackedCompareGreater<sbyte>>);
        table.Add(Code.Pcmpeqw_xmm_xmmm128, &SseForms.Binary<PackedCompareEqual<ushort>>);
        table.Add(Code.Pcmpgtw_xmm_xmmm128, &SseForms.Binary<PackedCompareGreater<short>>);
        table.Add(Code.Pcmpeqd_xmm_xmmm128, &SseForms.Binary<PackedCompareEqual<uint>>);
        table.Add(Code.Pcmpgtd_xmm_xmmm128, &SseForms.Binary<PackedCompareGreater<int>>);
        table.Add(Code.Pcmpeqq_xmm_xmmm128, &SseForms.Binary<PackedCompareEqual<ulong>>);
        table.Add(Code.Pcmpgtq_xmm_xmmm128, &SseForms.Binary<PackedCompareGreater<long>>);
        table.Add(Code.Pavgb_xmm_xmmm128, &SseForms.Binary<PackedAverageBytes>);
        table.Add(Code.Pavgw_xmm_xmmm128, &SseForms.Binary<PackedAverageWords>);
        table.Add(Code.Pabsb_xmm_xmmm128, &SseForms.Unary<PackedAbsolute<sbyte>>);
        table.Add(Code.Psignb_xmm_xmmm128, &SseForms.Binary<PackedSign<sbyte>>);
        table.Add(Code.Pabsw_xmm_xmmm128, &SseForms.Unary<PackedAbsolute<short>>);
        table.Add(Code.Psignw_xmm_xmmm128, &SseForms.Binary<PackedSign<short>>);
        table.Add(Code.Pabsd_xmm_xmmm128, &SseForms.Unary<PackedAbsolute<int>>);
        table.Add(Code.Psignd_xmm_xmmm128, &SseForms.Binary<PackedSign<int>>);
        table.Add(Code.Pmullw_xmm_xmmm128, &SseForms.Binary<PackedMultiplyLow<short>>);
        table.Add(Code.Pmulld_xmm_xmmm128, &SseForms.Binary<PackedMultiplyLow<int>>);
        table.Add(Code.Pmulhw_xmm_xmmm128, &SseForms.Binary<PackedMultiplyHighSigned>);
        table.Add(Code.Pmulhuw_xmm_xmmm128, &SseForms.Binary<PackedMultiplyHighUnsigned>);
        table.Add(Code.Pmulhrsw_xmm_xmmm128, &SseForms.Binary<PackedMultiplyHighRound>);
        table.Add(Code.Pmuludq_xmm_xmmm128, &SseForms.Binary<PackedMultiplyUnsignedWide>);
        table.Add(Code.Pmuldq_xmm_xmmm128, &SseForms.Binary<PackedMultiplySignedWide>);
        table.Add(Code.Pmaddwd_xmm_xmmm128, &SseForms.Binary<PackedMultiplyAddWords>);
        table.Add(Code.Pmaddubsw_xmm_xmmm128, &SseForms.Binary<PackedMultiplyAddBytes>);
        table.Add(Code.Phaddw_xmm_xmmm128, &SseForms.Binary<PackedHorizontalAddWords>);
        table.Add(Code.Phaddd_xmm_xmmm128, &SseForms.Binary<PackedHorizontalAddDoublewords>);
        table.Add(Code.Phaddsw_xmm_xmmm128, &SseForms.Binary<PackedHorizontalAddSaturate>);
        table.Add(Code.Phsubw_xmm_xmmm128, &SseForms.Binary<PackedHorizontalSubtractWords>);
        table.Add(Code.Phsubd_xmm_xmmm128, &SseForms.Binary<PackedHorizontalSubtractDoublewords>);
        table.Add(Code.Phsubsw_xmm_xmmm128, &SseForms.Binary<PackedHorizontalSubtractSaturate>);
        table.Add(Code.Psadbw_xmm_xmmm128, &SseForms.Binary<PackedSumAbsoluteDifferences>);
        table.Add(Code.Phminposuw_xmm_xmmm128, &SseForms.Unary<PackedMinimumPosition>);
        table.Add(Code.Mpsadbw_xmm_xmmm128_imm8, &SseForms.BinaryImmediate<PackedMultipleSums>);
        table.Add(Code.Psllw_xmm_xmmm128, &SseForms.Shift<PackedShiftLeft<ushort>>);
        table.Add(Code.Psllw_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftLeft<ushort>>);
        table.Add(Code.Psrlw_xmm_xmmm128, &SseForms.Shift<PackedShiftRight<ushort>>);
        table.Add(Code.Psrlw_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftRight<ushort>>);
        table.Add(Code.Psraw_xmm_xmmm128, &SseForms.Shift<PackedShiftRightArithmetic<short>>);
        table.Add(Code.Psraw_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftRightArithmetic<short>>);
        table.Add(Code.Pslld_xmm_xmmm128, &SseForms.Shift<PackedShiftLeft<uint>>);
        table.Add(Code.Pslld_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftLeft<uint>>);
        table.Add(Code.Psrld_xmm_xmmm128, &SseForms.Shift<PackedShiftRight<uint>>);
        table.Add(Code.Psrld_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftRight<uint>>);
        table.Add(Code.Psrad_xmm_xmmm128, &SseForms.Shift<PackedShiftRightArithmetic<int>>);
        table.Add(Code.Psrad_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftRightArithmetic<int>>);
        table.Add(Code.Psllq_xmm_xmmm128, &SseForms.Shift<PackedShiftLeft<ulong>>);
        table.Add(Code.Psllq_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftLeft<ulong>>);
        table.Add(Code.Psrlq_xmm_xmmm128, &SseForms.Shift<PackedShiftRight<ulong>>);
        table.Add(Code.Psrlq_xmm_imm8, &SseForms.ShiftImmediate<PackedShiftRight<ulong>>);
        table.Add(Code.Pslldq_xmm_imm8, &SseForms.ShiftImmediate<ByteShiftLeft>);
        table.Add(Code.Psrldq_xmm_imm8, &SseForms.ShiftImmediate<ByteShiftRight>);
    }
}
