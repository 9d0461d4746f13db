using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// Threaded handlers of COMISS, COMISD, UCOMISS and UCOMISD on registers, and of CVTSI2SD and CVTSI2SS from general
/// registers, where nothing is inexact, NaN or denormal.
/// </summary>
internal static unsafe class ThreadedFloatOrder
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Double(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        double a = *(double*)SseAccess.Xmm(s, op->R0);
        double b = *(double*)SseAccess.Xmm(s, op->R1);
        if (!VectorGuard.Enabled(s) || !SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, SseFloatOrder.Result(a == b), SseFloatOrder.Aux(a == b, a < b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Single(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        float a = *(float*)SseAccess.Xmm(s, op->R0);
        float b = *(float*)SseAccess.Xmm(s, op->R1);
        if (!VectorGuard.Enabled(s) || !SseFloatOrdinary.IsComparable(a) || !SseFloatOrdinary.IsComparable(b))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, SseFloatOrder.Result(a == b), SseFloatOrder.Aux(a == b, a < b));
    }

    /// <summary>CVTSI2SD from a 32-bit register: always exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromInt32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(double*)SseAccess.Xmm(s, op->R0) = (int)s->Gpr[op->R1];
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
