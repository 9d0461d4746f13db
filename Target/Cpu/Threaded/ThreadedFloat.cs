using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// Threaded handlers of floating-point arithmetic: the host's result where <see cref="SseFloatStatus.IsSettled"/> and
/// <see cref="SseFloatOrdinary"/> say that it is the exact one and changes nothing in MXCSR.
/// </summary>
internal static unsafe class ThreadedFloat<TOp>
    where TOp : struct, IFloatOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ScalarDouble(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        double* target = (double*)SseAccess.Xmm(s, op->R0);
        if (!VectorGuard.Enabled(s) || !Compute(s, target, *(double*)SseAccess.Xmm(s, op->R1)))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ScalarDoubleMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        double* target = (double*)SseAccess.Xmm(s, op->R0);
        if (!Tlb.TryRead(CpuCore.TlbOf(s), TAddress.Of(s, op), sizeof(double), out byte* p)
            || !VectorGuard.Enabled(s)
            || !Compute(s, target, *(double*)p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ScalarSingle(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        float* target = (float*)SseAccess.Xmm(s, op->R0);
        if (!VectorGuard.Enabled(s) || !Compute(s, target, *(float*)SseAccess.Xmm(s, op->R1)))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ScalarSingleMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        float* target = (float*)SseAccess.Xmm(s, op->R0);
        if (!Tlb.TryRead(CpuCore.TlbOf(s), TAddress.Of(s, op), sizeof(float), out byte* p)
            || !VectorGuard.Enabled(s)
            || !Compute(s, target, *(float*)p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PackedDouble(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        var target = (Vector128<double>*)SseAccess.Xmm(s, op->R0);
        if (!VectorGuard.Enabled(s) || !Compute(s, target, *(Vector128<double>*)SseAccess.Xmm(s, op->R1)))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PackedDoubleMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = VectorGuard.ReadAligned(s, TAddress.Of(s, op));
        var target = (Vector128<double>*)SseAccess.Xmm(s, op->R0);
        if (p == null || !VectorGuard.Enabled(s) || !Compute(s, target, *(Vector128<double>*)p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PackedSingle(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        var target = (Vector128<float>*)SseAccess.Xmm(s, op->R0);
        if (!VectorGuard.Enabled(s) || !Compute(s, target, *(Vector128<float>*)SseAccess.Xmm(s, op->R1)))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PackedSingleMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = VectorGuard.ReadAligned(s, TAddress.Of(s, op));
        var target = (Vector128<float>*)SseAccess.Xmm(s, op->R0);
        if (p == null || !VectorGuard.Enabled(s) || !Compute(s, target, *(Vector128<float>*)p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Compute(CpuState* s, double* target, double b)
    {
        double a = *target;
        double result = TOp.Host(a, b);
        if (!SseFloatStatus.IsSettled(s->Mxcsr)
            || !SseFloatOrdinary.AreOperands(a, b)
            || !SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
        {
            return false;
        }

        *target = result;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Compute(CpuState* s, float* target, float b)
    {
        float a = *target;
        float result = TOp.Host(a, b);
        if (!SseFloatStatus.IsSettled(s->Mxcsr)
            || !SseFloatOrdinary.AreOperands(a, b)
            || !SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
        {
            return false;
        }

        *target = result;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Compute(CpuState* s, Vector128<double>* target, Vector128<double> b)
    {
        Vector128<double> a = *target;
        Vector128<double> result = TOp.Host(a, b);
        if (!SseFloatStatus.IsSettled(s->Mxcsr)
            || !SseFloatOrdinary.AreOperands(a, b)
            || !SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
        {
            return false;
        }

        *target = result;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Compute(CpuState* s, Vector128<float>* target, Vector128<float> b)
    {
        Vector128<float> a = *target;
        Vector128<float> result = TOp.Host(a, b);
        if (!SseFloatStatus.IsSettled(s->Mxcsr)
            || !SseFloatOrdinary.AreOperands(a, b)
            || !SseFloatOrdinary.IsResult(result, TOp.ZeroIsExact))
        {
            return false;
        }

        *target = result;
        return true;
    }
}
