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

        DecodedOp* next = op + 1;
        return next->Handler(c, s, next, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Direct(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.JumpDirect(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Call(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.JumpDirect(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Return(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        byte* p = Tlb.Read(CpuCore.TlbOf(s), *Gpr.At(s, Gpr.Rsp), 8);
        if (p == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
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
    public static int JumpRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* first = JumpCache.Find(s, *Gpr.At(s, op->R0));
        return first != null
            ? ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux)
            : ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int JumpMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = TAddress.Read(s, op, 8);
        if (p == null)
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        DecodedOp* first = JumpCache.Find(s, *(ulong*)p);
        return first != null
            ? ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux)
            : ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CallMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* from = TAddress.Read(s, op, 8);
        if (from == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        DecodedOp* first = JumpCache.Find(s, *(ulong*)from);
        if (first == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CallRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* first = JumpCache.Find(s, *Gpr.At(s, op->R0));
        if (first == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.JumpKnown(c, s, first, left, flagResult, flagAux);
    }
}
