using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;
using unsafe Handler = delegate*<
    KgdbSim.Target.Cpu.CpuCore, KgdbSim.Target.Cpu.CpuState*, KgdbSim.Target.Cpu.Decode.DecodedOp*,
    long, ulong, ulong, int>;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers for the commonest SSE and SSE2 instructions; the rest has the general one.</summary>
internal static unsafe class ThreadedVectorSelector
{
    /// <summary>
    /// The handler, or null if there is none of its own. The memory operand, if any, is flat and its address 64 bits
    /// wide.
    /// </summary>
    public static Handler Select(DecodedOp* op, Code code)
    {
        if (op->K0 != OperandKind.Xmm && op->K1 != OperandKind.Xmm)
        {
            return null;
        }

        Handler handler = Move(op, code);
        handler = handler != null ? handler : Float(op, code);
        handler = handler != null ? handler : Integer(op, code);
        return handler != null ? handler : Immediate(op, code);
    }

    private static Handler Move(DecodedOp* op, Code code) => code switch
    {
        Code.Movaps_xmm_xmmm128 or Code.Movapd_xmm_xmmm128 or Code.Movdqa_xmm_xmmm128
            or Code.Movaps_xmmm128_xmm or Code.Movapd_xmmm128_xmm or Code.Movdqa_xmmm128_xmm =>
            Whole<AlignedMove>(op),
        Code.Movups_xmm_xmmm128 or Code.Movupd_xmm_xmmm128 or Code.Movdqu_xmm_xmmm128
            or Code.Movups_xmmm128_xmm or Code.Movupd_xmmm128_xmm or Code.Movdqu_xmmm128_xmm =>
            Whole<UnalignedMove>(op),
        Code.Movsd_xmm_xmmm64 or Code.Movsd_xmmm64_xmm => Element<ulong>(op),
        Code.Movss_xmm_xmmm32 or Code.Movss_xmmm32_xmm => Element<uint>(op),
        Code.Movq_xmm_xmmm64 or Code.Movq_xmmm64_xmm => op->K0 == op->K1
            ? &ThreadedElementMove<ulong>.RegisterZeroing
            : Element<ulong>(op),
        Code.Movd_xmm_rm32 => op->K1 == OperandKind.Memory
            ? Element<uint>(op)
            : &ThreadedElementMove<uint>.FromGeneral,
        Code.Movq_xmm_rm64 => op->K1 == OperandKind.Memory
            ? Element<ulong>(op)
            : &ThreadedElementMove<ulong>.FromGeneral,
        Code.Movd_rm32_xmm => op->K0 == OperandKind.Memory ? Element<uint>(op) : &ThreadedElementMove<uint>.ToGeneral,
        Code.Movq_rm64_xmm => op->K0 == OperandKind.Memory ? Element<ulong>(op) : &ThreadedElementMove<ulong>.ToGeneral,
        _ => null,
    };

    private static Handler Float(DecodedOp* op, Code code) => code switch
    {
        Code.Addsd_xmm_xmmm64 => ScalarDouble<FloatAdd>(op),
        Code.Addss_xmm_xmmm32 => ScalarSingle<FloatAdd>(op),
        Code.Addpd_xmm_xmmm128 => PackedDouble<FloatAdd>(op),
        Code.Addps_xmm_xmmm128 => PackedSingle<FloatAdd>(op),
        Code.Subsd_xmm_xmmm64 => ScalarDouble<FloatSubtract>(op),
        Code.Subss_xmm_xmmm32 => ScalarSingle<FloatSubtract>(op),
        Code.Subpd_xmm_xmmm128 => PackedDouble<FloatSubtract>(op),
        Code.Subps_xmm_xmmm128 => PackedSingle<FloatSubtract>(op),
        Code.Mulsd_xmm_xmmm64 => ScalarDouble<FloatMultiply>(op),
        Code.Mulss_xmm_xmmm32 => ScalarSingle<FloatMultiply>(op),
        Code.Mulpd_xmm_xmmm128 => PackedDouble<FloatMultiply>(op),
        Code.Mulps_xmm_xmmm128 => PackedSingle<FloatMultiply>(op),
        Code.Divsd_xmm_xmmm64 => ScalarDouble<FloatDivide>(op),
        Code.Divss_xmm_xmmm32 => ScalarSingle<FloatDivide>(op),
        Code.Divpd_xmm_xmmm128 => PackedDouble<FloatDivide>(op),
        Code.Divps_xmm_xmmm128 => PackedSingle<FloatDivide>(op),
        Code.Sqrtsd_xmm_xmmm64 => ScalarDouble<FloatSquareRoot>(op),
        Code.Sqrtss_xmm_xmmm32 => ScalarSingle<FloatSquareRoot>(op),
        Code.Sqrtpd_xmm_xmmm128 => PackedDouble<FloatSquareRoot>(op),
        Code.Sqrtps_xmm_xmmm128 => PackedSingle<FloatSquareRoot>(op),
        Code.Comisd_xmm_xmmm64 or Code.Ucomisd_xmm_xmmm64 when op->K1 == OperandKind.Xmm => &ThreadedFloatOrder.Double,
        Code.Comiss_xmm_xmmm32 or Code.Ucomiss_xmm_xmmm32 when op->K1 == OperandKind.Xmm => &ThreadedFloatOrder.Single,
        Code.Cvtsi2sd_xmm_rm32 when op->K1 == OperandKind.Gpr32 => &ThreadedFloatOrder.FromInt32,
        _ => null,
    };

    private static Handler Integer(DecodedOp* op, Code code) => code switch
    {
        Code.Paddb_xmm_xmmm128 => Vector<PackedAdd<byte>>(op),
        Code.Psubb_xmm_xmmm128 => Vector<PackedSubtract<byte>>(op),
        Code.Paddw_xmm_xmmm128 => Vector<PackedAdd<ushort>>(op),
        Code.Psubw_xmm_xmmm128 => Vector<PackedSubtract<ushort>>(op),
        Code.Paddd_xmm_xmmm128 => Vector<PackedAdd<uint>>(op),
        Code.Psubd_xmm_xmmm128 => Vector<PackedSubtract<uint>>(op),
        Code.Paddq_xmm_xmmm128 => Vector<PackedAdd<ulong>>(op),
        Code.Psubq_xmm_xmmm128 => Vector<PackedSubtract<ulong>>(op),
        Code.Pcmpeqb_xmm_xmmm128 => Vector<PackedCompareEqual<byte>>(op),
        Code.Pcmpgtb_xmm_xmmm128 => Vector<PackedCompareGreater<sbyte>>(op),
        Code.Pcmpeqw_xmm_xmmm128 => Vector<PackedCompareEqual<ushort>>(op),
        Code.Pcmpgtw_xmm_xmmm128 => Vector<PackedCompareGreater<short>>(op),
        Code.Pcmpeqd_xmm_xmmm128 => Vector<PackedCompareEqual<uint>>(op),
        Code.Pcmpgtd_xmm_xmmm128 => Vector<PackedCompareGreater<int>>(op),
        Code.Pand_xmm_xmmm128 or Code.Andps_xmm_xmmm128 or Code.Andpd_xmm_xmmm128 => Vector<PackedAnd>(op),
        Code.Pandn_xmm_xmmm128 or Code.Andnps_xmm_xmmm128 or Code.Andnpd_xmm_xmmm128 => Vector<PackedAndNot>(op),
        Code.Por_xmm_xmmm128 or Code.Orps_xmm_xmmm128 or Code.Orpd_xmm_xmmm128 => Vector<PackedOr>(op),
        Code.Pxor_xmm_xmmm128 or Code.Xorps_xmm_xmmm128 or Code.Xorpd_xmm_xmmm128 => Vector<PackedXor>(op),
        Code.Punpcklbw_xmm_xmmm128 => Vector<UnpackLowBytes>(op),
        Code.Punpckhbw_xmm_xmmm128 => Vector<UnpackHighBytes>(op),
        Code.Punpcklwd_xmm_xmmm128 => Vector<UnpackLowWords>(op),
        Code.Punpckhwd_xmm_xmmm128 => Vector<UnpackHighWords>(op),
        Code.Punpckldq_xmm_xmmm128 or Code.Unpcklps_xmm_xmmm128 => Vector<UnpackLowDoublewords>(op),
        Code.Punpckhdq_xmm_xmmm128 or Code.Unpckhps_xmm_xmmm128 => Vector<UnpackHighDoublewords>(op),
        Code.Punpcklqdq_xmm_xmmm128 or Code.Unpcklpd_xmm_xmmm128 => Vector<UnpackLowQuadwords>(op),
        Code.Punpckhqdq_xmm_xmmm128 or Code.Unpckhpd_xmm_xmmm128 => Vector<UnpackHighQuadwords>(op),
        Code.Pminub_xmm_xmmm128 => Vector<PackedMinimum<byte>>(op),
        Code.Pmaxub_xmm_xmmm128 => Vector<PackedMaximum<byte>>(op),
        Code.Pminsw_xmm_xmmm128 => Vector<PackedMinimum<short>>(op),
        Code.Pmaxsw_xmm_xmmm128 => Vector<PackedMaximum<short>>(op),
        Code.Pmuludq_xmm_xmmm128 => Vector<PackedMultiplyUnsignedWide>(op),
        Code.Pmullw_xmm_xmmm128 => Vector<PackedMultiplyLow<short>>(op),
        Code.Pmulld_xmm_xmmm128 => Vector<PackedMultiplyLow<int>>(op),
        Code.Pmaddwd_xmm_xmmm128 => Vector<PackedMultiplyAddWords>(op),
        Code.Pshufb_xmm_xmmm128 => Vector<ShuffleBytes>(op),
        Code.Packuswb_xmm_xmmm128 => Vector<PackWordsUnsigned>(op),
        Code.Packssdw_xmm_xmmm128 => Vector<PackDoublewordsSigned>(op),
        _ => null,
    };

    private static Handler Immediate(DecodedOp* op, Code code) => code switch
    {
        Code.Psllw_xmm_imm8 => &ThreadedVectorShift<PackedShiftLeft<ushort>>.Immediate,
        Code.Psrlw_xmm_imm8 => &ThreadedVectorShift<PackedShiftRight<ushort>>.Immediate,
        Code.Pslld_xmm_imm8 => &ThreadedVectorShift<PackedShiftLeft<uint>>.Immediate,
        Code.Psrld_xmm_imm8 => &ThreadedVectorShift<PackedShiftRight<uint>>.Immediate,
        Code.Psllq_xmm_imm8 => &ThreadedVectorShift<PackedShiftLeft<ulong>>.Immediate,
        Code.Psrlq_xmm_imm8 => &ThreadedVectorShift<PackedShiftRight<ulong>>.Immediate,
        Code.Psraw_xmm_imm8 => &ThreadedVectorShift<PackedShiftRightArithmetic<short>>.Immediate,
        Code.Psrad_xmm_imm8 => &ThreadedVectorShift<PackedShiftRightArithmetic<int>>.Immediate,
        Code.Pslldq_xmm_imm8 => &ThreadedVectorShift<ByteShiftLeft>.Immediate,
        Code.Psrldq_xmm_imm8 => &ThreadedVectorShift<ByteShiftRight>.Immediate,
        Code.Pshufd_xmm_xmmm128_imm8 when op->K1 == OperandKind.Xmm =>
            &ThreadedVectorUnaryImmediate<ShuffleDoublewords>.Register,
        Code.Shufps_xmm_xmmm128_imm8 when op->K1 == OperandKind.Xmm =>
            &ThreadedVectorImmediate<ShuffleSingles>.Register,
        Code.Shufpd_xmm_xmmm128_imm8 when op->K1 == OperandKind.Xmm =>
            &ThreadedVectorImmediate<ShuffleDoubles>.Register,
        _ => null,
    };

    private static Handler Whole<TAlignment>(DecodedOp* op)
        where TAlignment : struct, IVectorAlignment
    {
        if (op->K0 == OperandKind.Memory)
        {
            return Indexed(op)
                ? &ThreadedVectorMove.Store<TAlignment, BaseIndexDisplacement>
                : &ThreadedVectorMove.Store<TAlignment, BaseDisplacement>;
        }

        return op->K1 != OperandKind.Memory ? &ThreadedVectorMove.Register
            : Indexed(op) ? &ThreadedVectorMove.Load<TAlignment, BaseIndexDisplacement>
            : &ThreadedVectorMove.Load<TAlignment, BaseDisplacement>;
    }

    private static Handler Element<T>(DecodedOp* op)
        where T : unmanaged
    {
        if (op->K0 == OperandKind.Memory)
        {
            return Indexed(op)
                ? &ThreadedElementMove<T>.Store<BaseIndexDisplacement>
                : &ThreadedElementMove<T>.Store<BaseDisplacement>;
        }

        return op->K1 != OperandKind.Memory ? &ThreadedElementMove<T>.Register
            : Indexed(op) ? &ThreadedElementMove<T>.Load<BaseIndexDisplacement>
            : &ThreadedElementMove<T>.Load<BaseDisplacement>;
    }

    private static Handler Vector<TLeaf>(DecodedOp* op)
        where TLeaf : struct, IVectorBinary =>
        op->K1 != OperandKind.Memory ? &ThreadedVectorBinary<TLeaf>.Register
            : Indexed(op) ? &ThreadedVectorBinary<TLeaf>.Memory<BaseIndexDisplacement>
            : &ThreadedVectorBinary<TLeaf>.Memory<BaseDisplacement>;

    private static Handler ScalarDouble<TOp>(DecodedOp* op)
        where TOp : struct, IFloatOperation =>
        op->K1 != OperandKind.Memory ? &ThreadedFloat<TOp>.ScalarDouble
            : Indexed(op) ? &ThreadedFloat<TOp>.ScalarDoubleMemory<BaseIndexDisplacement>
            : &ThreadedFloat<TOp>.ScalarDoubleMemory<BaseDisplacement>;

    private static Handler ScalarSingle<TOp>(DecodedOp* op)
        where TOp : struct, IFloatOperation =>
        op->K1 != OperandKind.Memory ? &ThreadedFloat<TOp>.ScalarSingle
            : Indexed(op) ? &ThreadedFloat<TOp>.ScalarSingleMemory<BaseIndexDisplacement>
            : &ThreadedFloat<TOp>.ScalarSingleMemory<BaseDisplacement>;

    private static Handler PackedDouble<TOp>(DecodedOp* op)
        where TOp : struct, IFloatOperation =>
        op->K1 != OperandKind.Memory ? &ThreadedFloat<TOp>.PackedDouble
            : Indexed(op) ? &ThreadedFloat<TOp>.PackedDoubleMemory<BaseIndexDisplacement>
            : &ThreadedFloat<TOp>.PackedDoubleMemory<BaseDisplacement>;

    private static Handler PackedSingle<TOp>(DecodedOp* op)
        where TOp : struct, IFloatOperation =>
        op->K1 != OperandKind.Memory ? &ThreadedFloat<TOp>.PackedSingle
            : Indexed(op) ? &ThreadedFloat<TOp>.PackedSingleMemory<BaseIndexDisplacement>
            : &ThreadedFloat<TOp>.PackedSingleMemory<BaseDisplacement>;

    private static bool Indexed(DecodedOp* op) => op->Index != CpuState.ZeroRegister;
}
