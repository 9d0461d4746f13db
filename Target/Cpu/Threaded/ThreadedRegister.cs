using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers of instructions that only move bits between registers: sign extensions, BSWAP, XCHG, BT.</summary>
internal static unsafe class ThreadedRegister
{
    public static ThreadedHandler Select(DecodedOp* op, Mnemonic mnemonic) => (mnemonic, op->K0) switch
    {
        (Mnemonic.Cwde, _) => &Cwde,
        (Mnemonic.Cdqe, _) => &Cdqe,
        (Mnemonic.Cdq, _) => &Cdq,
        (Mnemonic.Cqo, _) => &Cqo,
        (Mnemonic.Bswap, OperandKind.Gpr32) => &Bswap32,
        (Mnemonic.Bswap, OperandKind.Gpr64) => &Bswap64,
        (Mnemonic.Xchg, OperandKind.Gpr32) => &Xchg32,
        (Mnemonic.Xchg, OperandKind.Gpr64) => &Xchg64,
        (Mnemonic.Bt, OperandKind.Gpr32) => op->K1 == OperandKind.Immediate ? &BtImmediate32 : &Bt32,
        (Mnemonic.Bt, OperandKind.Gpr64) => op->K1 == OperandKind.Immediate ? &BtImmediate64 : &Bt64,
        _ => &ThreadedCode.General,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Cwde(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, Gpr.Rax) = (uint)(short)*Gpr.At(s, Gpr.Rax);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Cdqe(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, Gpr.Rax) = (ulong)(int)*Gpr.At(s, Gpr.Rax);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Cdq(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, Gpr.Rdx) = (uint)((int)*Gpr.At(s, Gpr.Rax) >> 31);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Cqo(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, Gpr.Rdx) = (ulong)((long)*Gpr.At(s, Gpr.Rax) >> 63);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Bswap32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, op->R0) = BinaryPrimitives.ReverseEndianness((uint)*Gpr.At(s, op->R0));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Bswap64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *Gpr.At(s, op->R0) = BinaryPrimitives.ReverseEndianness(*Gpr.At(s, op->R0));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Xchg32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong a = (uint)*Gpr.At(s, op->R0);
        *Gpr.At(s, op->R0) = (uint)*Gpr.At(s, op->R1);
        *Gpr.At(s, op->R1) = a;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Xchg64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong a = *Gpr.At(s, op->R0);
        *Gpr.At(s, op->R0) = *Gpr.At(s, op->R1);
        *Gpr.At(s, op->R1) = a;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Bt32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong bit = (*Gpr.At(s, op->R0) >> ((int)*Gpr.At(s, op->R1) & 31)) & 1;
        return ThreadedCode.Next(c, s, op, left, flagResult, LazyFlags.WithCarry(flagAux, bit));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Bt64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong bit = (*Gpr.At(s, op->R0) >> ((int)*Gpr.At(s, op->R1) & 63)) & 1;
        return ThreadedCode.Next(c, s, op, left, flagResult, LazyFlags.WithCarry(flagAux, bit));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int BtImmediate32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong bit = (*Gpr.At(s, op->R0) >> ((int)op->Imm & 31)) & 1;
        return ThreadedCode.Next(c, s, op, left, flagResult, LazyFlags.WithCarry(flagAux, bit));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int BtImmediate64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong bit = (*Gpr.At(s, op->R0) >> ((int)op->Imm & 63)) & 1;
        return ThreadedCode.Next(c, s, op, left, flagResult, LazyFlags.WithCarry(flagAux, bit));
    }
}
