using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// Threaded handlers of an ALU instruction together with the Jcc behind it, which they do without going through its own
/// handler. That one stays as it is: the general form of the first, when it must run, goes on there.
/// </summary>
internal static unsafe class FusedBranch<TOp, T, TCondition>
    where TOp : struct, IBinaryOp
    where T : unmanaged, IBinaryInteger<T>
    where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ToRegister(c, s, op, left, Gpr.Read<T>(s, op->R0), Gpr.Read<T>(s, op->R1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ToRegister(c, s, op, left, Gpr.Read<T>(s, op->R0), T.CreateTruncating(op->Imm));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        TAddress.Read(s, op, sizeof(T), out byte* p)
            ? ToRegister(c, s, op, left, Gpr.Read<T>(s, op->R0), *(T*)p)
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryRegister<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        (TOp.Writes ? TAddress.Write(s, op, sizeof(T), out byte* p) : TAddress.Read(s, op, sizeof(T), out p))
            ? ToMemory(c, s, op, left, (T*)p, Gpr.Read<T>(s, op->R1))
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress =>
        (TOp.Writes ? TAddress.Write(s, op, sizeof(T), out byte* p) : TAddress.Read(s, op, sizeof(T), out p))
            ? ToMemory(c, s, op, left, (T*)p, T.CreateTruncating(op->Imm))
            : TAddress.Missed(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, T a, T b)
    {
        T result = TOp.Value(a, b, 0);
        if (TOp.Writes)
        {
            Gpr.Write(s, op->R0, result);
        }

        return Branch(c, s, op, left, a, b, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToMemory(CpuCore c, CpuState* s, DecodedOp* op, long left, T* p, T b)
    {
        T a = *p;
        T result = TOp.Value(a, b, 0);
        if (TOp.Writes)
        {
            *p = result;
        }

        return Branch(c, s, op, left, a, b, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Branch(CpuCore c, CpuState* s, DecodedOp* op, long left, T a, T b, T result)
    {
        ulong flagResult = LazyFlags.Result(result);
        ulong flagAux = LazyFlags.AuxFromCarries(TOp.Carries(a, b, result));
        bool compares = typeof(TOp) == typeof(Cmp) || typeof(TOp) == typeof(Sub);
        DecodedOp* jump = op + 1;
        if (compares ? TCondition.HoldsComparing(a, b) : TCondition.Holds(flagResult, flagAux))
        {
            return ThreadedCode.JumpDirect(c, s, jump, left + jump->Remaining - 1, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op + 1, left, flagResult, flagAux);
    }
}

/// <summary>The same for INC and DEC of a register.</summary>
internal static unsafe class FusedUnaryBranch<TOp, T, TCondition>
    where TOp : struct, IUnaryOp
    where T : unmanaged, IBinaryInteger<T>
    where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R0);
        T result = TOp.Value(a);
        Gpr.Write(s, op->R0, result);
        flagResult = TOp.Result(result, flagResult);
        flagAux = TOp.Aux(a, result, flagAux);
        DecodedOp* jump = op + 1;
        if (TCondition.Holds(flagResult, flagAux))
        {
            return ThreadedCode.JumpDirect(c, s, jump, left + jump->Remaining - 1, flagResult, flagAux);
        }

        return ThreadedCode.Next(c, s, op + 1, left, flagResult, flagAux);
    }
}
