using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// What threaded vector handlers ask before they act. If it isn't so the general form finds out what is to be done.
/// </summary>
internal static unsafe class VectorGuard
{
    /// <summary>SSE instructions neither raise #UD nor #NM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Enabled(CpuState* s) =>
        ((s->Cr0 & (ControlBits.Cr0Em | ControlBits.Cr0Ts)) | (~s->Cr4 & ControlBits.Cr4OsFxsr)) == 0;

    /// <summary>Host address of a 16-byte operand on its boundary; null if only the slow path can tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* ReadAligned(CpuState* s, ulong linear)
    {
        byte* p = Tlb.Read(CpuCore.TlbOf(s), linear, 16);
        return (linear & 15) == 0 ? p : null;
    }
}

/// <summary>Threaded handlers of an integer or logic leaf on two vectors.</summary>
internal static unsafe class ThreadedVectorBinary<TLeaf>
    where TLeaf : struct, IVectorBinary
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        Vector128<byte>* target = SseAccess.Xmm(s, op->R0);
        *target = TLeaf.Apply(*target, *SseAccess.Xmm(s, op->R1));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Memory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = VectorGuard.ReadAligned(s, TAddress.Of(s, op));
        if (p == null || !VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        Vector128<byte>* target = SseAccess.Xmm(s, op->R0);
        *target = TLeaf.Apply(*target, *(Vector128<byte>*)p);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handler of a leaf with a control byte on two registers.</summary>
internal static unsafe class ThreadedVectorImmediate<TLeaf>
    where TLeaf : struct, IVectorBinaryImmediate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        Vector128<byte>* target = SseAccess.Xmm(s, op->R0);
        *target = TLeaf.Apply(*target, *SseAccess.Xmm(s, op->R1), (byte)op->Imm);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handler of a leaf with a control byte on one register.</summary>
internal static unsafe class ThreadedVectorUnaryImmediate<TLeaf>
    where TLeaf : struct, IVectorUnaryImmediate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = TLeaf.Apply(*SseAccess.Xmm(s, op->R1), (byte)op->Imm);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handler of a shift by an immediate count.</summary>
internal static unsafe class ThreadedVectorShift<TLeaf>
    where TLeaf : struct, IVectorShift
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Immediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        Vector128<byte>* target = SseAccess.Xmm(s, op->R0);
        *target = TLeaf.Apply(*target, (byte)op->Imm);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
