using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VEX-encoded conversions, those of F16C too.</summary>
internal static unsafe class AvxConvert
{
    /// <summary>Lanes keep their width: VCVTDQ2PS, VCVTPS2DQ, VCVTTPS2DQ.</summary>
    public static StepStatus Same<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : IVectorConversion =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source1(cpu, op, out Vector256<byte> source)
            ? Convert<TConversion>(cpu, op, source.GetLower(), source.GetUpper())
            : StepStatus.Fault;

    /// <summary>Lanes double their width: VCVTPS2PD, VCVTPH2PS.</summary>
    public static StepStatus Widen<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : IVectorConversion
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte> narrow = source.GetLower();
        return Convert<TConversion>(cpu, op, narrow, UnpackHighQuadwords.Apply(narrow, narrow));
    }

    /// <summary>Lanes halve their width: VCVTPD2PS, VCVTPD2DQ, VCVTTPD2DQ.</summary>
    public static StepStatus Narrow<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : IVectorConversion
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        bool wide = op->K1 == OperandKind.Ymm || op->MemoryBytes == 32;
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = TConversion.Apply(source.GetLower(), ref status);
        if (wide)
        {
            result = UnpackLowQuadwords.Apply(result, TConversion.Apply(source.GetUpper(), ref status));
        }

        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, result) : StepStatus.Fault;
    }

    /// <summary>VCVTPS2PH: rounds as the immediate says, or as MXCSR if its bit 2 is set; FTZ has no say.</summary>
    public static StepStatus SinglesToHalves(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        status.Rounding = (op->Imm & 4) != 0 ? status.Rounding : (RoundingMode)(op->Imm & 3);
        status.FlushToZero = false;
        Vector256<uint> source = AvxAccess.Ymm(cpu.State, op->R1)->AsUInt32();
        bool wide = op->K1 == OperandKind.Ymm;
        Vector128<ushort> result = default;
        for (int lane = 0; lane < (wide ? 8 : 4); lane++)
        {
            ulong half = SoftConversion.Convert<Binary32Format, Binary16Format>(source[lane], ref status);
            result = result.WithElement(lane, (ushort)half);
        }

        return StoreHalves(cpu, op, result.AsByte(), wide, status);
    }

    /// <summary>VCVTSI2SS.</summary>
    public static StepStatus Int32ToSingle(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.Read2(cpu, op, out int value)
            ? ToSingle(cpu, op, value)
            : StepStatus.Fault;

    /// <summary>VCVTSI2SS with W.</summary>
    public static StepStatus Int64ToSingle(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.Read2(cpu, op, out long value)
            ? ToSingle(cpu, op, value)
            : StepStatus.Fault;

    /// <summary>VCVTSI2SD.</summary>
    public static StepStatus Int32ToDouble(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.Read2(cpu, op, out int value)
            ? ToDouble(cpu, op, value)
            : StepStatus.Fault;

    /// <summary>VCVTSI2SD with W.</summary>
    public static StepStatus Int64ToDouble(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && Operands.Read2(cpu, op, out long value)
            ? ToDouble(cpu, op, value)
            : StepStatus.Fault;

    /// <summary>VCVTSS2SD.</summary>
    public static StepStatus SingleToDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out uint source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.Convert<Binary32Format, Binary64Format>(source, ref status);
        return Merge(cpu, op, result, status);
    }

    /// <summary>VCVTSD2SS.</summary>
    public static StepStatus DoubleToSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.Convert<Binary64Format, Binary32Format>(source, ref status);
        return Merge(cpu, op, (uint)result, status);
    }

    private static StepStatus ToSingle(CpuCore cpu, DecodedOp* op, long value)
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        return Merge(cpu, op, (uint)SoftConversion.FromInteger<Binary32Format>(value, ref status), status);
    }

    private static StepStatus ToDouble(CpuCore cpu, DecodedOp* op, long value)
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        return Merge(cpu, op, SoftConversion.FromInteger<Binary64Format>(value, ref status), status);
    }

    private static StepStatus Merge<T>(CpuCore cpu, DecodedOp* op, T result, in FloatStatus status)
        where T : unmanaged
    {
        Vector128<byte> merged = SseAccess.Xmm(cpu.State, op->R1)->As<byte, T>().WithElement(0, result).AsByte();
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, merged) : StepStatus.Fault;
    }

    private static StepStatus Convert<TConversion>(
        CpuCore cpu, DecodedOp* op, Vector128<byte> first, Vector128<byte> second)
        where TConversion : IVectorConversion
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = TConversion.Apply(first, ref status);
        Vector128<byte> high = AvxAccess.IsWide(op) ? TConversion.Apply(second, ref status) : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    private static StepStatus StoreHalves(
        CpuCore cpu, DecodedOp* op, Vector128<byte> result, bool wide, in FloatStatus status)
    {
        if (op->K0 != OperandKind.Memory)
        {
            return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, result) : StepStatus.Fault;
        }

        // The store's faults come before the numeric ones take effect.
        int size = wide ? 16 : 8;
        bool stack = Operands.Stack(op);
        if (!Operands.Address(cpu, op, size, true, out ulong linear)
            || (wide && !SseAccess.PassesAlignmentCheck(cpu, linear, size))
            || !cpu.Mmu.PrepareStore(linear, size, stack)
            || !SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        _ = wide
            ? cpu.Mmu.Store(linear, stack, result)
            : cpu.Mmu.Store(linear, stack, result.AsUInt64().ToScalar());
        return StepStatus.Next;
    }
}

/// <summary>VCVTPH2PS: the low four halves; denormals are taken as they are and raise nothing.</summary>
internal readonly struct HalvesToSingles : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status)
    {
        FloatStatus own = status;
        own.DenormalsAreZero = false;
        own.Masked |= FloatExceptions.Denormal;
        Vector128<uint> result = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            ulong single = SoftConversion.Convert<Binary16Format, Binary32Format>(source.AsUInt16()[lane], ref own);
            result = result.WithElement(lane, (uint)single);
        }

        status.Raised |= own.Raised & FloatExceptions.Invalid;
        return result.AsByte();
    }

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result)
    {
        result = default;
        return false;
    }
}
