using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CVTPI2PS CVTPI2PD CVT(T)PS2PI CVT(T)PD2PI (SDM vol. 2).</summary>
/// <remarks>
/// With an MMX register the transition to MMX comes before #XM; with the source in memory there is no transition and no
/// #MF, as recorded on hardware for both CVTPI2PS and CVTPI2PD.
/// </remarks>
internal static unsafe class MmxConvert
{
    /// <summary>CVTPI2PS: the low half of the destination.</summary>
    public static StepStatus ToSingles(CpuCore cpu, DecodedOp* op)
    {
        if (!Integers(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = Int32sToSingles.Apply(source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *(ulong*)SseAccess.Xmm(cpu.State, op->R0) = result.AsUInt64()[0];
        return StepStatus.Next;
    }

    /// <summary>CVTPI2PD: exact.</summary>
    public static StepStatus ToDoubles(CpuCore cpu, DecodedOp* op)
    {
        if (!Integers(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = Int32sToDoubles.Apply(source);
        return StepStatus.Next;
    }

    /// <summary>CVTPS2PI, CVTTPS2PI: two singles.</summary>
    public static StepStatus FromSingles<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : struct, IVectorConversion =>
        MmxAccess.BeginWithSse(cpu) && SseAccess.SourceScalar(cpu, op, out ulong source)
            ? ToIntegers<TConversion>(cpu, op, MmxAccess.ToVector(source))
            : StepStatus.Fault;

    /// <summary>CVTPD2PI, CVTTPD2PI: two doubles, in memory on a 16-byte boundary.</summary>
    public static StepStatus FromDoubles<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : struct, IVectorConversion =>
        MmxAccess.BeginWithSse(cpu) && SseAccess.Source(cpu, op, out Vector128<byte> source)
            ? ToIntegers<TConversion>(cpu, op, source)
            : StepStatus.Fault;

    private static bool Integers(CpuCore cpu, DecodedOp* op, out Vector128<byte> source)
    {
        source = default;
        if (op->K1 != OperandKind.Mm)
        {
            if (!SseAccess.Enabled(cpu) || !Operands.LoadMemory(cpu, op, out ulong value))
            {
                return false;
            }

            source = MmxAccess.ToVector(value);
            return true;
        }

        if (!MmxAccess.BeginWithSse(cpu))
        {
            return false;
        }

        MmxAccess.Transition(cpu.State);
        source = MmxAccess.ToVector(MmxAccess.Read(cpu.State, op->R1));
        return true;
    }

    private static StepStatus ToIntegers<TConversion>(CpuCore cpu, DecodedOp* op, Vector128<byte> source)
        where TConversion : struct, IVectorConversion
    {
        MmxAccess.Transition(cpu.State);
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = TConversion.Apply(source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        MmxAccess.Write(cpu.State, op->R0, result.AsUInt64()[0]);
        return StepStatus.Next;
    }
}
