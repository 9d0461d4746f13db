using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Operands of the packed conversions, and the conversions between scalar precisions.</summary>
internal static unsafe class SseConvertForms
{
    /// <summary>xmm, xmm/m128.</summary>
    public static StepStatus Full<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : IVectorConversion =>
        SseAccess.Enabled(cpu) && SseAccess.Source(cpu, op, out Vector128<byte> source)
            ? Convert<TConversion>(cpu, op, source)
            : StepStatus.Fault;

    /// <summary>xmm, xmm/m64.</summary>
    public static StepStatus Half<TConversion>(CpuCore cpu, DecodedOp* op)
        where TConversion : IVectorConversion =>
        SseAccess.Enabled(cpu) && SseAccess.SourcePart<ulong>(cpu, op, out Vector128<byte> source)
            ? Convert<TConversion>(cpu, op, source)
            : StepStatus.Fault;

    /// <summary>CVTSS2SD.</summary>
    public static StepStatus SingleToDouble(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float source))
        {
            return StepStatus.Fault;
        }

        ulong* target = (ulong*)SseAccess.Xmm(cpu.State, op->R0);
        if (SseFloatOrdinary.IsComparable(source))
        {
            *(double*)target = source;
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.Convert<Binary32Format, Binary64Format>(
            BitConverter.SingleToUInt32Bits(source), ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>CVTSD2SS.</summary>
    public static StepStatus DoubleToSingle(CpuCore cpu, DecodedOp* op)
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out double source))
        {
            return StepStatus.Fault;
        }

        uint* target = (uint*)SseAccess.Xmm(cpu.State, op->R0);
        float narrow = (float)source;
        bool quiet = SseFloatStatus.IsSettled(cpu.State->Mxcsr) || narrow == source;
        if (quiet && SseFloatOrdinary.IsOperand(source) && SseFloatOrdinary.IsResult(narrow, orZero: source == 0))
        {
            *(float*)target = narrow;
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = SoftConversion.Convert<Binary64Format, Binary32Format>(
            BitConverter.DoubleToUInt64Bits(source), ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = (uint)result;
        return StepStatus.Next;
    }

    private static StepStatus Convert<TConversion>(CpuCore cpu, DecodedOp* op, Vector128<byte> source)
        where TConversion : IVectorConversion
    {
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr) && TConversion.TryHost(source, out Vector128<byte> host))
        {
            *SseAccess.Xmm(cpu.State, op->R0) = host;
            return StepStatus.Next;
        }

        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = TConversion.Apply(source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *SseAccess.Xmm(cpu.State, op->R0) = result;
        return StepStatus.Next;
    }
}
