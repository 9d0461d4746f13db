using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>How a threaded handler reaches the 8 bytes at the stack pointer: as <see cref="IAddress"/> does for operands.</summary>
internal unsafe interface IStackPage
{
    /// <summary>Finds the host address for a load; if it cannot, the handler ends with <see cref="Missed"/>.</summary>
    static abstract bool Read(CpuState* s, ulong linear, out byte* p);

    /// <inheritdoc cref="Read"/>
    static abstract bool Write(CpuState* s, ulong linear, out byte* p);

    /// <summary>The way on when the stack cannot be reached like this; nothing has been changed.</summary>
    static abstract int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux);
}

/// <summary>A page that the TLB has, without a watched byte.</summary>
internal readonly unsafe struct PlainStack : IStackPage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, ulong linear, out byte* p) =>
        Tlb.TryRead(CpuCore.TlbOf(s), linear, 8, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, ulong linear, out byte* p) =>
        Tlb.TryWrite(CpuCore.TlbOf(s), linear, 8, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ((ThreadedHandler)op->Link)(c, s, op, left, flagResult, flagAux);
}

/// <summary>The same for a direct CALL, whose <see cref="DecodedOp.Link"/> leads to its target.</summary>
internal readonly unsafe struct PlainCallStack : IStackPage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, ulong linear, out byte* p) =>
        Tlb.TryRead(CpuCore.TlbOf(s), linear, 8, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, ulong linear, out byte* p) =>
        Tlb.TryWrite(CpuCore.TlbOf(s), linear, 8, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        c.WatchedCallHandler(c, s, op, left, flagResult, flagAux);
}

/// <summary>A page with watched bytes, of which these are none.</summary>
internal readonly unsafe struct WatchedStack : IStackPage
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, ulong linear, out byte* p) =>
        (p = Tlb.ReadNear(CpuCore.TlbOf(s), linear, 8)) != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, ulong linear, out byte* p) =>
        (p = Tlb.WriteNear(CpuCore.TlbOf(s), linear, 8)) != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
}
