using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VFMADD132PS and its 95 kin, by sign kind and operand order.</summary>
internal static unsafe class AvxFma<TKind, TOrder>
    where TKind : IFmaKind
    where TOrder : IFmaOrder
{
    /// <summary>Packed singles.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> third))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        (Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) =
            TOrder.Of(*AvxAccess.Ymm(s, op->R0), *AvxAccess.Ymm(s, op->R1), third);
        FloatStatus status = FloatStatus.FromMxcsr(s->Mxcsr);
        Vector128<byte> low = Singles(s->Mxcsr, a.GetLower(), b.GetLower(), c.GetLower(), ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? Singles(s->Mxcsr, a.GetUpper(), b.GetUpper(), c.GetUpper(), ref status)
            : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    /// <summary>Packed doubles.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> third))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        (Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) =
            TOrder.Of(*AvxAccess.Ymm(s, op->R0), *AvxAccess.Ymm(s, op->R1), third);
        FloatStatus status = FloatStatus.FromMxcsr(s->Mxcsr);
        Vector128<byte> low = Doubles(s->Mxcsr, a.GetLower(), b.GetLower(), c.GetLower(), ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? Doubles(s->Mxcsr, a.GetUpper(), b.GetUpper(), c.GetUpper(), ref status)
            : Vector128<byte>.Zero;
        return SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    /// <summary>A scalar single; the destination's other lanes stay.</summary>
    public static StepStatus ScalarSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out uint third))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        Vector128<uint> target = SseAccess.Xmm(s, op->R0)->AsUInt32();
        (uint a, uint b, uint c) = TOrder.Of(target.ToScalar(), *(uint*)SseAccess.Xmm(s, op->R1), third);
        FloatStatus status = FloatStatus.FromMxcsr(s->Mxcsr);
        uint result = FmaLane<TKind>.Exact(a, b, c, odd: false, ref status);
        return SseFloatStatus.Commit(cpu, status)
            ? AvxAccess.Write(cpu, op, target.WithElement(0, result).AsByte())
            : StepStatus.Fault;
    }

    /// <summary>A scalar double; the destination's other lane stays.</summary>
    public static StepStatus ScalarDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out double third))
        {
            return StepStatus.Fault;
        }

        CpuState* s = cpu.State;
        Vector128<double> target = SseAccess.Xmm(s, op->R0)->AsDouble();
        (double a, double b, double c) = TOrder.Of(target.ToScalar(), *(double*)SseAccess.Xmm(s, op->R1), third);
        if (SseFloatStatus.IsSettled(s->Mxcsr) && SseFloatOrdinary.AreOperands(a, b) && SseFloatOrdinary.IsOperand(c))
        {
            double x = TKind.NegatesProduct ? -a : a;
            double host = Math.FusedMultiplyAdd(x, b, TKind.NegatesEven ? -c : c);
            if (SseFloatOrdinary.IsResult(host, orZero: false))
            {
                return AvxAccess.Write(cpu, op, target.WithElement(0, host).AsByte());
            }
        }

        FloatStatus status = FloatStatus.FromMxcsr(s->Mxcsr);
        ulong result = FmaLane<TKind>.Exact(
            BitConverter.DoubleToUInt64Bits(a),
            BitConverter.DoubleToUInt64Bits(b),
            BitConverter.DoubleToUInt64Bits(c),
            odd: false,
            ref status);
        return SseFloatStatus.Commit(cpu, status)
            ? AvxAccess.Write(cpu, op, target.AsUInt64().WithElement(0, result).AsByte())
            : StepStatus.Fault;
    }

    private static Vector128<byte> Singles(
        uint mxcsr, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, ref FloatStatus status)
    {
        if (SseFloatStatus.IsSettled(mxcsr)
            && SseFloatOrdinary.AreOperands(a.AsSingle(), b.AsSingle()) && SseFloatOrdinary.IsOperand(c.AsSingle()))
        {
            Vector128<float> host = FmaLane<TKind>.Host(a.AsSingle(), b.AsSingle(), c.AsSingle());
            if (SseFloatOrdinary.IsResult(host, orZero: false))
            {
                return host.AsByte();
            }
        }

        Vector128<uint> x = a.AsUInt32(), y = b.AsUInt32(), z = c.AsUInt32();
        return Vector128.Create(
            FmaLane<TKind>.Exact(x[0], y[0], z[0], odd: false, ref status),
            FmaLane<TKind>.Exact(x[1], y[1], z[1], odd: true, ref status),
            FmaLane<TKind>.Exact(x[2], y[2], z[2], odd: false, ref status),
            FmaLane<TKind>.Exact(x[3], y[3], z[3], odd: true, ref status)).AsByte();
    }

    private static Vector128<byte> Doubles(
        uint mxcsr, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, ref FloatStatus status)
    {
        if (SseFloatStatus.IsSettled(mxcsr)
            && SseFloatOrdinary.AreOperands(a.AsDouble(), b.AsDouble()) && SseFloatOrdinary.IsOperand(c.AsDouble()))
        {
            Vector128<double> host = FmaLane<TKind>.Host(a.AsDouble(), b.AsDouble(), c.AsDouble());
            if (SseFloatOrdinary.IsResult(host, orZero: false))
            {
                return host.AsByte();
            }
        }

        Vector128<ulong> x = a.AsUInt64(), y = b.AsUInt64(), z = c.AsUInt64();
        return Vector128.Create(
            FmaLane<TKind>.Exact(x[0], y[0], z[0], odd: false, ref status),
            FmaLane<TKind>.Exact(x[1], y[1], z[1], odd: true, ref status)).AsByte();
    }
}
