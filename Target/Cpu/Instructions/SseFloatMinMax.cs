using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MIN or MAX; the host's form is for lanes that compare without exceptions.</summary>
internal interface IFloatSelection : IFloatLane
{
    /// <summary>One lane.</summary>
    static abstract T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T>;

    /// <summary>Every lane.</summary>
    static abstract Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b);
}

/// <summary>MINPS, MINPD, MINSS, MINSD: the source unless the destination is less.</summary>
internal readonly struct FloatMinimum : IFloatSelection
{
    public static uint Exact(uint a, uint b, ref FloatStatus status) =>
        (uint)SoftBinaryComparison<Binary32Format>.Minimum(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) =>
        SoftBinaryComparison<Binary64Format>.Minimum(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a < b ? a : b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);
}

/// <summary>MAXPS, MAXPD, MAXSS, MAXSD: the source unless the destination is greater.</summary>
internal readonly struct FloatMaximum : IFloatSelection
{
    public static uint Exact(uint a, uint b, ref FloatStatus status) =>
        (uint)SoftBinaryComparison<Binary32Format>.Maximum(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) =>
        SoftBinaryComparison<Binary64Format>.Maximum(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a > b ? a : b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);
}

/// <summary>Operands and results of MIN and MAX.</summary>
internal static unsafe class SseMinMaxForms
{
    /// <summary>xmm, xmm/m32.</summary>
    public static StepStatus ScalarSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out float b))
        {
            return StepStatus.Fault;
        }

        float* target = (float*)SseAccess.Xmm(cpu.State, op->R0);
        float a = *target;
        if (!SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return SseFloatForms.ExactSingle<TOp>(cpu, (uint*)target, BitConverter.SingleToUInt32Bits(b));
        }

        *target = TOp.Host(a, b);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m64.</summary>
    public static StepStatus ScalarDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.SourceScalar(cpu, op, out double b))
        {
            return StepStatus.Fault;
        }

        double* target = (double*)SseAccess.Xmm(cpu.State, op->R0);
        double a = *target;
        if (!SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return SseFloatForms.ExactDouble<TOp>(cpu, (ulong*)target, BitConverter.DoubleToUInt64Bits(b));
        }

        *target = TOp.Host(a, b);
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128 of singles.</summary>
    public static StepStatus PackedSingle<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<float> a = target->AsSingle(), b = source.AsSingle();
        if (!SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return SseFloatForms.LanesSingle<TOp>(cpu, target, source);
        }

        *target = TOp.Host(a, b).AsByte();
        return StepStatus.Next;
    }

    /// <summary>xmm, xmm/m128 of doubles.</summary>
    public static StepStatus PackedDouble<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : IFloatSelection
    {
        if (!SseAccess.Enabled(cpu) || !SseAccess.Source(cpu, op, out Vector128<byte> source))
        {
            return StepStatus.Fault;
        }

        Vector128<byte>* target = SseAccess.Xmm(cpu.State, op->R0);
        Vector128<double> a = target->AsDouble(), b = source.AsDouble();
        if (!SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return SseFloatForms.LanesDouble<TOp>(cpu, target, source);
        }

        *target = TOp.Host(a, b).AsByte();
        return StepStatus.Next;
    }
}
