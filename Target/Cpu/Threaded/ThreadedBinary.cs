using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers of the two-operand ALU instructions, of one operation at one width.</summary>
internal static unsafe class ThreadedBinary<TOp, T>
    where TOp : struct, IBinaryOp
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R0);
        T b = Gpr.Read<T>(s, op->R1);
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            Gpr.Write(s, op->R0, result);
        }

        DecodedOp* next = op + 1;
        return next->Handler(
            c, s, next, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R0);
        T b = T.CreateTruncating(op->Imm);
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            Gpr.Write(s, op->R0, result);
        }

        DecodedOp* next = op + 1;
        return next->Handler(
            c, s, next, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = TAddress.Read(s, op, sizeof(T));
        if (p == null)
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = Gpr.Read<T>(s, op->R0);
        T b = *(T*)p;
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            Gpr.Write(s, op->R0, result);
        }

        DecodedOp* next = op + 1;
        return next->Handler(
            c, s, next, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryRegister<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = TOp.Writes ? TAddress.Write(s, op, sizeof(T)) : TAddress.Read(s, op, sizeof(T));
        if (p == null)
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = *(T*)p;
        T b = Gpr.Read<T>(s, op->R1);
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            *(T*)p = result;
        }

        DecodedOp* next = op + 1;
        return next->Handler(
            c, s, next, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        byte* p = TOp.Writes ? TAddress.Write(s, op, sizeof(T)) : TAddress.Read(s, op, sizeof(T));
        if (p == null)
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = *(T*)p;
        T b = T.CreateTruncating(op->Imm);
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            *(T*)p = result;
        }

        DecodedOp* next = op + 1;
        return next->Handler(
            c, s, next, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }
}
