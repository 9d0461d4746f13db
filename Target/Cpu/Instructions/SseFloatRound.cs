using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// ROUNDPS, ROUNDPD, ROUNDSS, ROUNDSD (SDM vol. 2B, figure 4-24): bits 1:0 of the immediate are the direction unless
/// bit 2 asks for MXCSR's; bit 3 suppresses PE. DE is never raised.
/// </summary>
internal static unsafe class SseFloatRound
{
    /// <summary>ROUNDSS.</summary>
    public static StepStatus ScalarSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out uint source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = Begin(cpu, op, out RoundingMode rounding);
        uint result = (uint)SoftBinary<Binary32Format>.RoundToIntegral(source, rounding, ref status);
        if (!Commit(cpu, op, ref status))
        {
            return StepStatus.Fault;
        }

        *(uint*)SseAccess.Xmm(cpu.State, op->R0) = result;
        return StepStatus.Next;
    }

    /// <summary>ROUNDSD.</summary>
    public static StepStatus ScalarDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out ulong source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = Begin(cpu, op, out RoundingMode rounding);
        ulong result = SoftBinary<Binary64Format>.RoundToIntegral(source, rounding, ref status);
        if (!Commit(cpu, op, ref status))
        {
            return StepStatus.Fault;
        }

        *(ulong*)SseAccess.Xmm(cpu.State, op->R0) = result;
        return StepStatus.Next;
    }

    /// <summary>ROUNDPS.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = Begin(cpu, op, out RoundingMode rounding);
        Vector128<byte> result = Singles(source, rounding, ref status);
        if (!Commit(cpu, op, ref status))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = result;
        return StepStatus.Next;
    }

    /// <summary>ROUNDPD.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = Begin(cpu, op, out RoundingMode rounding);
        Vector128<byte> result = Doubles(source, rounding, ref status);
        if (!Commit(cpu, op, ref status))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = result;
        return StepStatus.Next;
    }

    /// <summary>Four singles.</summary>
    public static Vector128<byte> Singles(Vector128<byte> source, RoundingMode rounding, ref FloatStatus status)
    {
        Vector128<uint> result = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            ulong element = SoftBinary<Binary32Format>.RoundToIntegral(source.AsUInt32()[lane], rounding, ref status);
            result = result.WithElement(lane, (uint)element);
        }

        return result.AsByte();
    }

    /// <summary>Two doubles.</summary>
    public static Vector128<byte> Doubles(Vector128<byte> source, RoundingMode rounding, ref FloatStatus status)
    {
        Vector128<ulong> x = source.AsUInt64();
        return Vector128.Create(
            SoftBinary<Binary64Format>.RoundToIntegral(x[0], rounding, ref status),
            SoftBinary<Binary64Format>.RoundToIntegral(x[1], rounding, ref status)).AsByte();
    }

    /// <summary>The status to round with, and the direction.</summary>
    public static FloatStatus Begin(CpuCore cpu, DecodedOp* op, out RoundingMode rounding)
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        rounding = (op->Imm & 4) != 0 ? status.Rounding : (RoundingMode)(op->Imm & 3);
        return status;
    }

    /// <summary>As <see cref="SseFloatStatus.Commit"/>, PE suppressed where the immediate says so.</summary>
    public static bool Commit(CpuCore cpu, DecodedOp* op, ref FloatStatus status)
    {
        if ((op->Imm & 8) != 0)
        {
            status.Raised &= ~FloatExceptions.Precision;
        }

        return SseFloatStatus.Commit(cpu, status);
    }
}
