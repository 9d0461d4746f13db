using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Whether a 16-byte move wants its memory operand on a 16-byte boundary; a type argument.</summary>
internal interface IVectorAlignment
{
    static abstract bool Required { get; }
}

/// <summary>MOVAPS, MOVAPD, MOVDQA.</summary>
internal readonly struct AlignedMove : IVectorAlignment
{
    public static bool Required => true;
}

/// <summary>MOVUPS, MOVUPD, MOVDQU.</summary>
internal readonly struct UnalignedMove : IVectorAlignment
{
    public static bool Required => false;
}

/// <summary>Threaded handlers of the moves of whole XMM registers.</summary>
internal static unsafe class ThreadedVectorMove
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = *SseAccess.Xmm(s, op->R1);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Load<TAlignment, TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAlignment : struct, IVectorAlignment
        where TAddress : struct, IAddress
    {
        ulong linear = TAddress.Of(s, op);
        if (!Tlb.TryRead(CpuCore.TlbOf(s), linear, 16, out byte* p) || !VectorGuard.Enabled(s) || (TAlignment.Required && (linear & 15) != 0))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = *(Vector128<byte>*)p;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Store<TAlignment, TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAlignment : struct, IVectorAlignment
        where TAddress : struct, IAddress
    {
        ulong linear = TAddress.Of(s, op);
        if (!Tlb.TryWrite(CpuCore.TlbOf(s), linear, 16, out byte* p) || !VectorGuard.Enabled(s) || (TAlignment.Required && (linear & 15) != 0))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(Vector128<byte>*)p = *SseAccess.Xmm(s, op->R1);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handlers of MOVSS, MOVSD, MOVD and MOVQ: <typeparamref name="T"/> is the element.</summary>
internal static unsafe class ThreadedElementMove<T>
    where T : unmanaged
{
    /// <summary>MOVSS and MOVSD between registers: the other lanes stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(T*)SseAccess.Xmm(s, op->R0) = *(T*)SseAccess.Xmm(s, op->R1);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    /// <summary>From memory: the other lanes become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Load<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!Tlb.TryRead(CpuCore.TlbOf(s), TAddress.Of(s, op), sizeof(T), out byte* p) || !VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = Vector128.CreateScalar(*(T*)p).AsByte();
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    /// <summary>To memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Store<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!Tlb.TryWrite(CpuCore.TlbOf(s), TAddress.Of(s, op), sizeof(T), out byte* p) || !VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(T*)p = *(T*)SseAccess.Xmm(s, op->R1);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    /// <summary>MOVQ between XMM registers: the high half becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterZeroing(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = Vector128.CreateScalar(*(T*)SseAccess.Xmm(s, op->R1)).AsByte();
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    /// <summary>MOVD and MOVQ from a general register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromGeneral(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *SseAccess.Xmm(s, op->R0) = Vector128.CreateScalar(*(T*)&s->Gpr[op->R1]).AsByte();
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    /// <summary>MOVD and MOVQ to a general register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ToGeneral(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        if (!VectorGuard.Enabled(s))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        ulong* source = (ulong*)SseAccess.Xmm(s, op->R1);
        s->Gpr[op->R0] = sizeof(T) == 4 ? (uint)*source : *source;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
