using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>VCMPPS with 32 predicates, VROUNDPS, VDPPS, and the estimates, with their immediates.</summary>
internal static unsafe class AvxFloatImmediate
{
    /// <summary>VCMPSS.</summary>
    public static StepStatus CompareScalarSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out uint b))
        {
            return StepStatus.Fault;
        }

        Vector128<uint> source = SseAccess.Xmm(cpu.State, op->R1)->AsUInt32();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        uint result = SseFloatPredicate.Single(source.ToScalar(), b, (int)op->Imm & 31, ref status);
        return Finish(cpu, op, source.WithElement(0, result).AsByte(), Vector128<byte>.Zero, status);
    }

    /// <summary>VCMPSD.</summary>
    public static StepStatus CompareScalarDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out ulong b))
        {
            return StepStatus.Fault;
        }

        Vector128<ulong> source = SseAccess.Xmm(cpu.State, op->R1)->AsUInt64();
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SseFloatPredicate.Double(source.ToScalar(), b, (int)op->Imm & 31, ref status);
        return Finish(cpu, op, source.WithElement(0, result).AsByte(), Vector128<byte>.Zero, status);
    }

    /// <summary>VCMPPS.</summary>
    public static StepStatus CompareSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = SseFloatPredicate.Singles(a.GetLower(), b.GetLower(), (int)op->Imm & 31, ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatPredicate.Singles(a.GetUpper(), b.GetUpper(), (int)op->Imm & 31, ref status)
            : Vector128<byte>.Zero;
        return Finish(cpu, op, low, high, status);
    }

    /// <summary>VCMPPD.</summary>
    public static StepStatus CompareDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source2(cpu, op, out Vector256<byte> b))
        {
            return StepStatus.Fault;
        }

        Vector256<byte> a = *AvxAccess.Ymm(cpu.State, op->R1);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> low = SseFloatPredicate.Doubles(a.GetLower(), b.GetLower(), (int)op->Imm & 31, ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatPredicate.Doubles(a.GetUpper(), b.GetUpper(), (int)op->Imm & 31, ref status)
            : Vector128<byte>.Zero;
        return Finish(cpu, op, low, high, status);
    }

    /// <summary>VROUNDSS.</summary>
    public static StepStatus RoundScalarSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out uint b))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = SseFloatRound.Begin(cpu, op, out RoundingMode rounding);
        uint result = (uint)SoftBinary<Binary32Format>.RoundToIntegral(b, rounding, ref status);
        Vector128<byte> merged = SseAccess.Xmm(cpu.State, op->R1)->AsUInt32().WithElement(0, result).AsByte();
        return SseFloatRound.Commit(cpu, op, ref status) ? AvxAccess.Write(cpu, op, merged) : StepStatus.Fault;
    }

    /// <summary>VROUNDSD.</summary>
    public static StepStatus RoundScalarDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.SourceScalar2(cpu, op, out ulong b))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = SseFloatRound.Begin(cpu, op, out RoundingMode rounding);
        ulong result = SoftBinary<Binary64Format>.RoundToIntegral(b, rounding, ref status);
        Vector128<byte> merged = SseAccess.Xmm(cpu.State, op->R1)->AsUInt64().WithElement(0, result).AsByte();
        return SseFloatRound.Commit(cpu, op, ref status) ? AvxAccess.Write(cpu, op, merged) : StepStatus.Fault;
    }

    /// <summary>VROUNDPS.</summary>
    public static StepStatus RoundSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = SseFloatRound.Begin(cpu, op, out RoundingMode rounding);
        Vector128<byte> low = SseFloatRound.Singles(source.GetLower(), rounding, ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatRound.Singles(source.GetUpper(), rounding, ref status)
            : Vector128<byte>.Zero;
        return SseFloatRound.Commit(cpu, op, ref status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    /// <summary>VROUNDPD.</summary>
    public static StepStatus RoundDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!AvxAccess.Enabled(cpu) || !AvxAccess.Source1(cpu, op, out Vector256<byte> source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = SseFloatRound.Begin(cpu, op, out RoundingMode rounding);
        Vector128<byte> low = SseFloatRound.Doubles(source.GetLower(), rounding, ref status);
        Vector128<byte> high = AvxAccess.IsWide(op)
            ? SseFloatRound.Doubles(source.GetUpper(), rounding, ref status)
            : Vector128<byte>.Zero;
        return SseFloatRound.Commit(cpu, op, ref status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
    }

    /// <summary>VRCPSS.</summary>
    public static StepStatus ReciprocalScalar(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && AvxAccess.SourceScalar2(cpu, op, out float b)
            ? Merge(cpu, op, SseFloatEstimate.Reciprocal(b))
            : StepStatus.Fault;

    /// <summary>VRSQRTSS.</summary>
    public static StepStatus ReciprocalSquareRootScalar(CpuCore cpu, DecodedOp* op) =>
        AvxAccess.Enabled(cpu) && AvxAccess.SourceScalar2(cpu, op, out float b)
            ? Merge(cpu, op, SseFloatEstimate.ReciprocalSquareRoot(b))
            : StepStatus.Fault;

    private static StepStatus Merge(CpuCore cpu, DecodedOp* op, float result) => AvxAccess.Write(
        cpu, op, SseAccess.Xmm(cpu.State, op->R1)->AsSingle().WithElement(0, result).AsByte());

    private static StepStatus Finish(
        CpuCore cpu, DecodedOp* op, Vector128<byte> low, Vector128<byte> high, in FloatStatus status) =>
        SseFloatStatus.Commit(cpu, status) ? AvxAccess.Write(cpu, op, low, high) : StepStatus.Fault;
}
