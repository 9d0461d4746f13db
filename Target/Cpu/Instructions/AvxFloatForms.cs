using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// VADDPS and its kin, with the fast path of <see cref="SseFloatForms"/>. The exceptions of all lanes collect before
/// any is acted upon.
/// </summary>
internal static unsafe class AvxFloatForms
{
    /// <summary>xmm, xmm, xmm/m32: the upper lanes come from operand 1.</summary>
    public static StepStatus ScalarSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out float b))
        {
            return StepStatus.Fault;
        }

        Vector128<float> source = SseAccess.Xmm(cpu.State, op->R1)->AsSingle();
        float a = source.ToScalar();
        float result = TOp.Host(a, b);
        bool host = SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b)
            && SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact);
        return host
            ? AvxAccess.Write(cpu, op, source.WithElement(0, result).AsByte())
            : ExactSingle<TOp>(cpu, op, BitConverter.SingleToUInt32Bits(b));
    }

    /// <summary>xmm, xmm, xmm/m64: the upper lane comes from operand 1.</summary>
    public static StepStatus ScalarDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out double b))
        {
            return StepStatus.Fault;
        }

        Vector128<double> source = SseAccess.Xmm(cpu.State, op->R1)->AsDouble();
        double a = source.ToScalar();
        double result = TOp.Host(a, b);
        bool host = SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b)
            && SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact);
        return host
            ? AvxAccess.Write(cpu, op, source.WithElement(0, result).AsByte())
            : ExactDouble<TOp>(cpu, op, BitConverter.DoubleToUInt64Bits(b));
    }

    /// <summary>Singles of operands 1 and 2.</summary>
    public static StepStatus PackedSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source2(cpu, op, out Vector256<byte> b)
            ? Singles<TOp>(cpu, op, *AvxAccess.Ymm(cpu.State, op->R1), b)
            : StepStatus.Fault;

    /// <summary>Doubles of operands 1 and 2.</summary>
    public static StepStatus PackedDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source2(cpu, op, out Vector256<byte> b)
            ? Doubles<TOp>(cpu, op, *AvxAccess.Ymm(cpu.State, op->R1), b)
            : StepStatus.Fault;

    /// <summary>Singles of operand 1 alone: VSQRTPS.</summary>
    public static StepStatus UnarySingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source1(cpu, op, out Vector256<byte> b)
            ? Singles<TOp>(cpu, op, b, b)
            : StepStatus.Fault;

    /// <summary>Doubles of operand 1 alone: VSQRTPD.</summary>
    public static StepStatus UnaryDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation =>
        AvxAccess.Enabled(cpu) && AvxAccess.Source1(cpu, op, out Vector256<byte> b)
            ? Doubles<TOp>(cpu, op, b, b)
            : StepStatus.Fault;

    /// <summary>VMINSS and VMAXSS.</summary>
    public static StepStatus ScalarLaneSingle<TLane>(CpuCore cpu, DecodedOp* op)
        where TLane : IFloatLane =>
        AvxAccess.Enabled(cpu) && AvxAccess.SourceScalar2(cpu, op, out uint b)
            ? ExactSingle<TLane>(cpu, op, b)
            : StepStatus.Fault;

    /// <summary>VMINSD and VMAXSD.</summary>
    public static StepStatus ScalarLaneDouble<TLane>(CpuCore cpu, DecodedOp* op)
        where TLane : IFloatLane =>
        AvxAccess.Enabled(cpu) && AvxAccess.SourceScalar2(cpu, op, out ulong b)
            ? ExactDouble<TLane>(cpu, op, b)
            : StepStatus.Fault;

    /// <summary>VMINPS and VMAXPS.</summary>
    public static StepStatus SelectSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        (Vector128<float> a0, Vector128<float> a1) = (a.GetLower().AsSingle(), a.GetUpper().AsSingle());
        (Vector128<float> b0, Vector128<float> b1) = (b.GetLower().AsSingle(), b.GetUpper().AsSingle());
        bool wide = AvxAccess.IsWide(op);
        if (SseFloatOrdinary.IsComparable(a0) && SseFloatOrdinary.IsComparable(b0)
            && (!wide || (SseFloatOrdinary.IsComparable(a1) && SseFloatOrdinary.IsComparable(b1))))
        {
            Vector128<byte> low = TOp.Host(a0, b0).AsByte();
            return wide ? AvxAccess.Write(cpu, op, low, TOp.Host(a1, b1).AsByte()) : AvxAccess.Write(cpu, op, low);
        }

        return LanesSingle<TOp>(cpu, op, a, b);
    }

    /// <summary>VMINPD and VMAXPD.</summary>
    public static StepStatus SelectDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        (Vector128<double> a0, Vector128<double> a1) = (a.GetLower().AsDouble(), a.GetUpper().AsDouble());
        (Vector128<double> b0, Vector128<double> b1) = (b.GetLower().AsDouble(), b.GetUpper().AsDouble());
        bool wide = AvxAccess.IsWide(op);
        if (SseFloatOrdinary.IsComparable(a0) && SseFloatOrdinary.IsComparable(b0)
            && (!wide || (SseFloatOrdinary.IsComparable(a1) && SseFloatOrdinary.IsComparable(b1))))
        {
            Vector128<byte> low = TOp.Host(a0, b0).AsByte();
            return wide ? AvxAccess.Write(cpu, op, low, TOp.Host(a1, b1).AsByte()) : AvxAccess.Write(cpu, op, low);
        }

        return LanesDouble<TOp>(cpu, op, a, b);
    }

    /// <summary>VHADDPS, VADDSUBPS and their kin.</summary>
    public static StepStatus Mix<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IVectorFloat
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = TOp.Apply(a.GetLower(), b.GetLower(), ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? TOp.Apply(a.GetUpper(), b.GetUpper(), ref status)
            : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    private static StepStatus Singles<TOp>(CpuCore cpu, DecodedOp* op, Vector256<byte> a, Vector256<byte> b)
        where TOp : IFloatOperation
    {
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr)
            && Host<TOp>(a.GetLower().AsSingle(), b.GetLower().AsSingle(), out Vector128<float> low))
        {
            if (!AvxAccess.IsWide(op))
            {
                return AvxAccess.Write(cpu, op, low.AsByte());
            }

            if (Host<TOp>(a.GetUpper().AsSingle(), b.GetUpper().AsSingle(), out Vector128<float> high))
            {
                return AvxAccess.Write(cpu, op, low.AsByte(), high.AsByte());
            }
        }

        return LanesSingle<TOp>(cpu, op, a, b);
    }

    private static StepStatus Doubles<TOp>(CpuCore cpu, DecodedOp* op, Vector256<byte> a, Vector256<byte> b)
        where TOp : IFloatOperation
    {
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr)
            && Host<TOp>(a.GetLower().AsDouble(), b.GetLower().AsDouble(), out Vector128<double> low))
        {
            if (!AvxAccess.IsWide(op))
            {
                return AvxAccess.Write(cpu, op, low.AsByte());
            }

            if (Host<TOp>(a.GetUpper().AsDouble(), b.GetUpper().AsDouble(), out Vector128<double> high))
            {
                return AvxAccess.Write(cpu, op, low.AsByte(), high.AsByte());
            }
        }

        return LanesDouble<TOp>(cpu, op, a, b);
    }

    private static bool Host<TOp>(Vector128<float> a, Vector128<float> b, out Vector128<float> result)
        where TOp : IFloatOperation
    {
        result = TOp.Host(a, b);
        return SseFloatOrdinary.AreOperands(a, b) && SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact);
    }

    private static bool Host<TOp>(Vector128<double> a, Vector128<double> b, out Vector128<double> result)
        where TOp : IFloatOperation
    {
        result = TOp.Host(a, b);
        return SseFloatOrdinary.AreOperands(a, b) && SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact);
    }

    private static StepStatus ExactSingle<TLane>(CpuCore cpu, DecodedOp* op, uint b)
        where TLane : IFloatLane
    {
        Vector128<uint> source = SseAccess.Xmm(cpu.State, op->R1)->AsUInt32();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        uint result = TLane.Exact(source.ToScalar(), b, ref status);
        return SseFloatStatus.Commit(cpu, status)
            ? AvxAccess.Write(cpu, op, source.WithElement(0, result).AsByte())
            : StepStatus.Fault;
    }

    private static StepStatus ExactDouble<TLane>(CpuCore cpu, DecodedOp* op, ulong b)
        where TLane : IFloatLane
    {
        Vector128<ulong> source = SseAccess.Xmm(cpu.State, op->R1)->AsUInt64();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = TLane.Exact(source.ToScalar(), b, ref status);
        return SseFloatStatus.Commit(cpu, status)
            ? AvxAccess.Write(cpu, op, source.WithElement(0, result).AsByte())
            : StepStatus.Fault;
    }

    private static StepStatus LanesSingle<TLane>(CpuCore cpu, DecodedOp* op, Vector256<byte> a, Vector256<byte> b)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = SseFloatLanes.Singles<TLane>(a.GetLower(), b.GetLower(), ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatLanes.Singles<TLane>(a.GetUpper(), b.GetUpper(), ref status)
            : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    private static StepStatus LanesDouble<TLane>(CpuCore cpu, DecodedOp* op, Vector256<byte> a, Vector256<byte> b)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = SseFloatLanes.Doubles<TLane>(a.GetLower(), b.GetLower(), ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatLanes.Doubles<TLane>(a.GetUpper(), b.GetUpper(), ref status)
            : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }
}
