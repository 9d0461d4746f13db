using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CMPPS, CMPPD, CMPSS, CMPSD: the immediate's bits 7:3 are ignored.</summary>
internal static unsafe class SseFloatCompare
{
    /// <summary>CMPSS.</summary>
    public static StepStatus ScalarSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float b))
        {
            return StepStatus.Fault;
        }

        uint* target = (uint*)SseAccess.Xmm(cpu.State, op->R0);
        float a = BitConverter.UInt32BitsToSingle(*target);
        int predicate = (int)op->Imm & 7;
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            *target = SseFloatPredicate
                .Host(Vector128.CreateScalarUnsafe(a), Vector128.CreateScalarUnsafe(b), predicate)
                .AsUInt32().ToScalar();
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        uint result = SseFloatPredicate.Single(*target, BitConverter.SingleToUInt32Bits(b), predicate, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>CMPSD.</summary>
    public static StepStatus ScalarDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out double b))
        {
            return StepStatus.Fault;
        }

        ulong* target = (ulong*)SseAccess.Xmm(cpu.State, op->R0);
        double a = BitConverter.UInt64BitsToDouble(*target);
        int predicate = (int)op->Imm & 7;
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            *target = SseFloatPredicate
                .Host(Vector128.CreateScalarUnsafe(a), Vector128.CreateScalarUnsafe(b), predicate)
                .AsUInt64().ToScalar();
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SseFloatPredicate.Double(*target, BitConverter.DoubleToUInt64Bits(b), predicate, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>CMPPS.</summary>
    public static StepStatus PackedSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<float> a = target->AsSingle(), b = source.AsSingle();
        int predicate = (int)op->Imm & 7;
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            *target = SseFloatPredicate.Host(a, b, predicate).AsByte();
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        return Finish(cpu, target, SseFloatPredicate.Singles(*target, source, predicate, ref status), status);
    }

    /// <summary>CMPPD.</summary>
    public static StepStatus PackedDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<double> a = target->AsDouble(), b = source.AsDouble();
        int predicate = (int)op->Imm & 7;
        if (SseFloatOrdinary.IsComparable(a) && SseFloatOrdinary.IsComparable(b))
        {
            *target = SseFloatPredicate.Host(a, b, predicate).AsByte();
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        return Finish(cpu, target, SseFloatPredicate.Doubles(*target, source, predicate, ref status), status);
    }

    private static StepStatus Finish(
        CpuCore cpu, Vector128<byte>* target, Vector128<byte> result, in FloatStatus status)
    {
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }
}
