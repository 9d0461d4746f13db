using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers of Jcc, near JMP, CALL and RET in 64-bit mode, and of a block's end.</summary>
internal static unsafe class ThreadedBranch
{
    /// <summary>Not an instruction: stands behind a block's last one and goes on at its <see cref="DecodedOp.Rip"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FallThrough(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.Jump(c, s, op->Rip, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Conditional<TCondition>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TCondition : struct, ICondition
    {
        if (TCondition.Holds(flagResult, flagAux))
        {
            return ThreadedCode.JumpDirect(c, s, op, left + op->Remaining - 1, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Direct(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.JumpDirect(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Call<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        if (!TStack.Write(s, pointer, out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.JumpDirect(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Return<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        if (!TStack.Read(s, *Gpr.At(s, Gpr.Rsp), out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        DecodedOp* first = JumpCache.Find(s, *(ulong*)p);
        if (first == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *Gpr.At(s, Gpr.Rsp) += 8;
        return ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int JumpRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        JumpTo(c, s, op, *Gpr.At(s, op->R0), left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int JumpMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        TAddress.Read(s, op, 8, out byte* p)
            ? JumpTo(c, s, op, *(ulong*)p, left, flagResult, flagAux)
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CallMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        TAddress.Read(s, op, 8, out byte* p)
            ? CallTo(c, s, op, *(ulong*)p, left, flagResult, flagAux)
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CallRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        CallTo(c, s, op, *Gpr.At(s, op->R0), left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int JumpTo(
        CpuCore c, CpuState* s, DecodedOp* op, ulong target, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* first = JumpCache.Find(s, target);
        return first != null
            ? ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux)
            : ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CallTo(
        CpuCore c, CpuState* s, DecodedOp* op, ulong target, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* first = JumpCache.Find(s, target);
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        if (first == null || !Tlb.TryWrite(CpuCore.TlbOf(s), pointer, 8, out byte* p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux);
    }
}
