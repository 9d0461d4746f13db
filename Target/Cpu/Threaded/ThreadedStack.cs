using System.Runtime.CompilerServices;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers of PUSH, POP and LEAVE in 64-bit mode, and of NOP.</summary>
internal static unsafe class ThreadedStack
{
    public static ThreadedHandler Select(DecodedOp* op, Code code, AddressShape shape) => code switch
    {
        Code.Push_r64 => shape == AddressShape.Watched ? &Push<WatchedStack> : &Push<PlainStack>,
        Code.Pushq_imm8 or Code.Pushq_imm32 =>
            shape == AddressShape.Watched ? &PushImmediate<WatchedStack> : &PushImmediate<PlainStack>,
        Code.Push_rm64 when op->K0 == OperandKind.Memory => shape switch
        {
            AddressShape.Base => &PushMemory<BaseDisplacement>,
            AddressShape.Indexed => &PushMemory<BaseIndexDisplacement>,
            _ => &PushMemory<WatchedAddress>,
        },
        Code.Pop_r64 => shape == AddressShape.Watched ? &Pop<WatchedStack> : &Pop<PlainStack>,
        Code.Leaveq => shape == AddressShape.Watched ? &Leave<WatchedStack> : &Leave<PlainStack>,
        _ => &ThreadedCode.General,
    };

    /// <summary>NOP in all its forms, and ENDBR64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Nop(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Push<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        if (!TStack.Write(s, pointer, out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = *Gpr.At(s, op->R0);
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pop<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp);
        if (!TStack.Read(s, pointer, out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        // POP RSP: the loaded value wins over the increment.
        *Gpr.At(s, Gpr.Rsp) = pointer + 8;
        *Gpr.At(s, op->R0) = *(ulong*)p;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PushImmediate<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        if (!TStack.Write(s, pointer, out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = op->Imm;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PushMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        ulong pointer = *Gpr.At(s, Gpr.Rsp) - 8;
        if (!TAddress.Read(s, op, 8, out byte* from) || !Tlb.TryWrite(CpuCore.TlbOf(s), pointer, 8, out byte* p))
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        *(ulong*)p = *(ulong*)from;
        *Gpr.At(s, Gpr.Rsp) = pointer;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Leave<TStack>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TStack : struct, IStackPage
    {
        ulong frame = *Gpr.At(s, Gpr.Rbp);
        if (!TStack.Read(s, frame, out byte* p))
        {
            return TStack.Missed(c, s, op, left, flagResult, flagAux);
        }

        *Gpr.At(s, Gpr.Rsp) = frame + 8;
        *Gpr.At(s, Gpr.Rbp) = *(ulong*)p;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
