using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>The shapes of memory operand that threaded handlers are made for. Others run through the general form.</summary>
internal enum AddressShape
{
    /// <summary><see cref="BaseDisplacement"/>.</summary>
    Base,

    /// <summary><see cref="BaseIndexDisplacement"/>.</summary>
    Indexed,

    /// <summary><see cref="WatchedAddress"/>.</summary>
    Watched,
}

/// <summary>A shape of effective address, and how memory there is reached from a threaded handler.</summary>
internal unsafe interface IAddress
{
    static abstract ulong Of(CpuState* s, DecodedOp* op);

    /// <summary>Finds the operand's host address for a load; if it cannot, the handler ends with <see cref="Missed"/>.</summary>
    static abstract bool Read(CpuState* s, DecodedOp* op, int size, out byte* p);

    /// <inheritdoc cref="Read"/>
    static abstract bool Write(CpuState* s, DecodedOp* op, int size, out byte* p);

    /// <summary>The way on when the operand cannot be reached like this; nothing has been changed.</summary>
    static abstract int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux);
}

/// <summary>Base and displacement (RIP-relative too: its displacement is the whole address).</summary>
internal readonly unsafe struct BaseDisplacement : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, DecodedOp* op) => *Gpr.At(s, op->Base) + op->Disp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        Tlb.TryRead(CpuCore.TlbOf(s), Of(s, op), size, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        Tlb.TryWrite(CpuCore.TlbOf(s), Of(s, op), size, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ((ThreadedHandler)op->Link)(c, s, op, left, flagResult, flagAux);
}

/// <summary>Base, scaled index and displacement.</summary>
internal readonly unsafe struct BaseIndexDisplacement : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, DecodedOp* op) =>
        *Gpr.At(s, op->Base) + (*Gpr.At(s, op->Index) << op->Scale) + op->Disp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        Tlb.TryRead(CpuCore.TlbOf(s), Of(s, op), size, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        Tlb.TryWrite(CpuCore.TlbOf(s), Of(s, op), size, out p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ((ThreadedHandler)op->Link)(c, s, op, left, flagResult, flagAux);
}

/// <summary>
/// Any of them on a page with watched bytes: the second chance of a handler that the TLB turned away, whose twin with
/// this address is in its <see cref="DecodedOp.Link"/>. What does touch watched bytes goes to the general form.
/// </summary>
internal readonly unsafe struct WatchedAddress : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, DecodedOp* op) =>
        *Gpr.At(s, op->Base) + (*Gpr.At(s, op->Index) << op->Scale) + op->Disp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Read(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        (p = Tlb.ReadNear(CpuCore.TlbOf(s), Of(s, op), size)) != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Write(CpuState* s, DecodedOp* op, int size, out byte* p) =>
        (p = Tlb.WriteNear(CpuCore.TlbOf(s), Of(s, op), size)) != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Missed(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
}
