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
        ulong pointer = s->Gpr[Gpr.Rsp] - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.General(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->NextRip;
        s->Gpr[Gpr.Rsp] = pointer;
        return ThreadedCode.JumpDirect(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Return(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong pointer = s->Gpr[Gpr.Rsp];
        byte* p = Tlb.Read(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.General(c, s, op, left, flagResult, flagAux);
        }

        s->Gpr[Gpr.Rsp] = pointer + 8;
        return ThreadedCode.Jump(c, s, *(ulong*)p, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int JumpRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ThreadedCode.Jump(c, s, s->Gpr[op->R0], left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CallRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong pointer = s->Gpr[Gpr.Rsp] - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.General(c, s, op, left, flagResult, flagAux);
        }

        ulong target = s->Gpr[op->R0];
        *(ulong*)p = op->NextRip;
        s->Gpr[Gpr.Rsp] = pointer;
        return ThreadedCode.Jump(c, s, target, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Push(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong pointer = s->Gpr[Gpr.Rsp] - 8;
        byte* p = Tlb.Write(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.General(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = s->Gpr[op->R0];
        s->Gpr[Gpr.Rsp] = pointer;
        DecodedOp* next = op + 1;
        return next->Handler(c, s, next, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Pop(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong pointer = s->Gpr[Gpr.Rsp];
        byte* p = Tlb.Read(CpuCore.TlbOf(s), pointer, 8);
        if (p == null)
        {
            return ThreadedCode.General(c, s, op, left, flagResult, flagAux);
        }

        // POP RSP: the loaded value wins over the increment.
        s->Gpr[Gpr.Rsp] = pointer + 8;
        s->Gpr[op->R0] = *(ulong*)p;
        DecodedOp* next = op + 1;
        return next->Handler(c, s, next, left, flagResult, flagAux);
    }

    /// <summary>NOP in all its forms, and ENDBR64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Nop(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* next = op + 1;
        return next->Handler(c, s, next, left, flagResult, flagAux);
    }
}
