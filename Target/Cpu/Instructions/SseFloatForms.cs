using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// ADDPS and its kin. The host computes when nothing but an already noted PE can come of it; everything else goes
/// through the exact form.
/// </summary>
internal static unsafe class SseFloatForms
{
    /// <summary>xmm, xmm/m32.</summary>
    public static StepStatus ScalarSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float b))
        {
            return StepStatus.Fault;
        }

        float* target = (float*)SseAccess.Xmm(cpu.State, op->R0);
        float a = *target;
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b))
        {
            float result = TOp.Host(a, b);
            if (SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
            {
                *target = result;
                return StepStatus.Next;
            }
        }

        return ExactSingle<TOp>(cpu, (uint*)target, BitConverter.SingleToUInt32Bits(b));
    }

    /// <summary>xmm, xmm/m64.</summary>
    public static StepStatus ScalarDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out double b))
        {
            return StepStatus.Fault;
        }

        double* target = (double*)SseAccess.Xmm(cpu.State, op->R0);
        double a = *target;
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b))
        {
            double result = TOp.Host(a, b);
            if (SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
            {
                *target = result;
                return StepStatus.Next;
            }
        }

        return ExactDouble<TOp>(cpu, (ulong*)target, BitConverter.DoubleToUInt64Bits(b));
    }

    /// <summary>xmm, xmm/m128 of singles.</summary>
    public static StepStatus PackedSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<float> a = target->AsSingle(), b = source.AsSingle();
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b))
        {
            Vector128<float> result = TOp.Host(a, b);
            if (SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
            {
                *target = result.AsByte();
                return StepStatus.Next;
            }
        }

        return LanesSingle<TOp>(cpu, target, source);
    }

    /// <summary>xmm, xmm/m128 of doubles.</summary>
    public static StepStatus PackedDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatOperation
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<double> a = target->AsDouble(), b = source.AsDouble();
        if (SseFloatStatus.IsSettled(cpu.State->Mxcsr) && SseFloatOrdinary.AreOperands(a, b))
        {
            Vector128<double> result = TOp.Host(a, b);
            if (SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
            {
                *target = result.AsByte();
                return StepStatus.Next;
            }
        }

        return LanesDouble<TOp>(cpu, target, source);
    }

    /// <summary>The exact form on the lowest single.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static StepStatus ExactSingle<TLane>(CpuCore cpu, uint* target, uint source)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        uint result = TLane.Exact(*target, source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>The exact form on the lowest double.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static StepStatus ExactDouble<TLane>(CpuCore cpu, ulong* target, ulong source)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        ulong result = TLane.Exact(*target, source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>The exact form on four singles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static StepStatus LanesSingle<TLane>(CpuCore cpu, Vector128<byte>* target, Vector128<byte> source)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = SseFloatLanes.Singles<TLane>(*target, source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }

    /// <summary>The exact form on two doubles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static StepStatus LanesDouble<TLane>(CpuCore cpu, Vector128<byte>* target, Vector128<byte> source)
        where TLane : IFloatLane
    {
        FloatStatus status = FloatStatus.FromMxcsr(cpu.State->Mxcsr);
        Vector128<byte> result = SseFloatLanes.Doubles<TLane>(*target, source, ref status);
        if (!SseFloatStatus.Commit(cpu, status))
        {
            return StepStatus.Fault;
        }

        *target = result;
        return StepStatus.Next;
    }
}
