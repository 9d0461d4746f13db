using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Why a chain of threaded handlers came back: a <see cref="StepStatus"/>, or one of these.</summary>
internal static class ChainEnd
{
    /// <summary>The next block is unknown or too long for what is left of the turn; RIP, flags and <see cref="CpuCore.Left"/> are right.</summary>
    public const int Lookup = 64;
}

/// <summary>
/// The common parts of threaded handlers. A handler does one instruction and tail-calls the next one's:
/// <c>(cpu, state, op, left, flagResult, flagAux)</c> stay in registers all along the chain. <c>left</c> is what remains
/// of the turn after the whole block has run; an exit in the middle gives back what has not run.
/// </summary>
/// <remarks>
/// A handler knows one operand shape and the case that nothing is special: no fault, TLB hit, no watch. For anything else
/// it tail-calls <see cref="General"/>, which runs the instruction's general form. So that the JIT makes jumps of these
/// calls and needs no prologue, a handler makes no other call and takes no local's address.
/// </remarks>
internal static unsafe class ThreadedCode
{
    /// <summary>What a handler does when its case is special: <see cref="General"/>, through a pointer.</summary>
    /// <remarks>
    /// The JIT would inline General itself, and the handler would then save registers on its fast path. To forbid that by
    /// an attribute would also forbid General's own tail call.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Special(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        c.SpecialHandler(c, s, op, left, flagResult, flagAux);

    /// <summary>Runs the general form, then goes on threaded if nothing wants attention.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int General(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        s->FlagResult = flagResult;
        s->FlagAux = flagAux;

        // Time-stamp counter and timers ask how far the turn is.
        c.Left = left + op->Remaining;
        StepStatus status = op->Execute(c, op);
        if (status == StepStatus.Next && !c.Attention)
        {
            DecodedOp* next = op + 1;
            return next->Handler(c, s, next, left, s->FlagResult, s->FlagAux);
        }

        return Leave(c, s, op, left, status);
    }

    /// <summary>Ends the chain after the general form ran: puts RIP and the count right.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Leave(CpuCore c, CpuState* s, DecodedOp* op, long left, StepStatus status)
    {
        bool completed = status is not (StepStatus.Fault or StepStatus.Repeat or StepStatus.Breakpoint);
        c.Left = left + op->Remaining - (completed ? 1 : 0);
        if (status != StepStatus.Branch)
        {
            s->Rip = completed ? Interpreter.Wrap(op, op->NextRip) : op->Rip;
        }

        return (int)status;
    }

    /// <summary>Ends the chain at a branch target that must be looked up; <paramref name="op"/> is the target's RIP.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Miss(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        s->FlagResult = flagResult;
        s->FlagAux = flagAux;
        s->Rip = (ulong)op;
        c.Left = left;
        return ChainEnd.Lookup;
    }

    /// <summary>The same from a direct branch, which may be linked to the block that is found.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int MissDirect(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        c.Blocks.LinkFrom = op;
        return Miss(c, s, (DecodedOp*)op->Imm, left, flagResult, flagAux);
    }

    /// <summary>Goes on at the instruction behind a block, which the jump cache may know.</summary>
    /// <param name="left">What remains of the turn, this instruction counted as done.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Jump(CpuCore c, CpuState* s, ulong rip, long left, ulong flagResult, ulong flagAux)
    {
        JumpEntry* entry = JumpCache.Entry(s, rip);
        if (entry->Rip == rip)
        {
            DecodedOp* first = entry->First;
            long after = left - BlockHeader.Of(first)->Count;
            if (after >= 0)
            {
                return first->Handler(c, s, first, after, flagResult, flagAux);
            }
        }

        return Miss(c, s, (DecodedOp*)rip, left, flagResult, flagAux);
    }

    /// <summary>
    /// Goes on at a target that the jump cache knows: what it knows has been fetched from, so it is an address that a branch
    /// may lead to. A handler whose target it doesn't know leaves the branch to the general form.
    /// </summary>
    /// <param name="left">What remains of the turn, this instruction counted as done.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int JumpKnown(CpuCore c, CpuState* s, DecodedOp* first, long left, ulong flagResult, ulong flagAux)
    {
        long after = left - BlockHeader.Of(first)->Count;
        return after >= 0
            ? first->Handler(c, s, first, after, flagResult, flagAux)
            : Miss(c, s, (DecodedOp*)BlockHeader.Of(first)->Rip, left, flagResult, flagAux);
    }

    /// <summary>Goes on at a direct branch's target, through its link where it has one.</summary>
    /// <param name="left">What remains of the turn, this instruction counted as done.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int JumpDirect(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        DecodedOp* first = op->Link;
        if (first == null)
        {
            JumpEntry* entry = JumpCache.Entry(s, op->Imm);
            if (entry->Rip != op->Imm)
            {
                return MissDirect(c, s, op, left, flagResult, flagAux);
            }

            first = entry->First;
        }

        long after = left - BlockHeader.Of(first)->Count;
        if (after >= 0)
        {
            return first->Handler(c, s, first, after, flagResult, flagAux);
        }

        return Miss(c, s, (DecodedOp*)op->Imm, left, flagResult, flagAux);
    }
}
