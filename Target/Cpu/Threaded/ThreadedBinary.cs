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
    public static int RegisterRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ToRegister(c, s, op, left, flagAux, Gpr.Read<T>(s, op->R0), Gpr.Read<T>(s, op->R1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ToRegister(c, s, op, left, flagAux, Gpr.Read<T>(s, op->R0), T.CreateTruncating(op->Imm));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        TAddress.Read(s, op, sizeof(T), out byte* p)
            ? ToRegister(c, s, op, left, flagAux, Gpr.Read<T>(s, op->R0), *(T*)p)
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryRegister<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        (TOp.Writes ? TAddress.Write(s, op, sizeof(T), out byte* p) : TAddress.Read(s, op, sizeof(T), out p))
            ? ToMemory(c, s, op, left, flagAux, (T*)p, Gpr.Read<T>(s, op->R1))
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        (TOp.Writes ? TAddress.Write(s, op, sizeof(T), out byte* p) : TAddress.Read(s, op, sizeof(T), out p))
            ? ToMemory(c, s, op, left, flagAux, (T*)p, T.CreateTruncating(op->Imm))
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagAux, T a, T b)
    {
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            Gpr.Write(s, op->R0, result);
        }

        return ThreadedCode.Next(
            c, s, op, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToMemory(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagAux, T* p, T b)
    {
        T a = *p;
        T result = TOp.Value(a, b, TOp.UsesCarry ? LazyFlags.CarryBit(flagAux) : 0);
        if (TOp.Writes)
        {
            *p = result;
        }

        return ThreadedCode.Next(
            c, s, op, left, LazyFlags.Result(result), LazyFlags.AuxFromCarries(TOp.Carries(a, b, result)));
    }
}
