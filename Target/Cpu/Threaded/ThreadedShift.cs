using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Finds the handlers of <see cref="ThreadedShift{TOp,T}"/>.</summary>
internal static unsafe class ThreadedShift
{
    public static ThreadedHandler Select<TOp>(DecodedOp* op, AddressShape shape)
        where TOp : struct, IShiftOp => op->K0 switch
    {
        OperandKind.Gpr8 => Register<TOp, byte>(op),
        OperandKind.Gpr16 => Register<TOp, ushort>(op),
        OperandKind.Gpr32 => Register<TOp, uint>(op),
        OperandKind.Gpr64 => Register<TOp, ulong>(op),
        OperandKind.Memory => op->MemoryBytes switch
        {
            1 => Memory<TOp, byte>(op, shape),
            4 => Memory<TOp, uint>(op, shape),
            8 => Memory<TOp, ulong>(op, shape),
            _ => &ThreadedCode.General,
        },
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Register<TOp, T>(DecodedOp* op)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K1 != OperandKind.Immediate)
        {
            return &ThreadedShift<TOp, T>.RegisterCount;
        }

        return Moves<T>(op) ? &ThreadedShift<TOp, T>.RegisterImmediate : &ThreadedCode.General;
    }

    private static ThreadedHandler Memory<TOp, T>(DecodedOp* op, AddressShape shape)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K1 != OperandKind.Immediate || !Moves<T>(op))
        {
            return &ThreadedCode.General;
        }

        return shape switch
        {
            AddressShape.Base => &ThreadedShift<TOp, T>.MemoryImmediate<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedShift<TOp, T>.MemoryImmediate<BaseIndexDisplacement>,
            _ => &ThreadedShift<TOp, T>.MemoryImmediate<WatchedAddress>,
        };
    }

    /// <summary>The immediate count is not 0: only then do flags change.</summary>
    private static bool Moves<T>(DecodedOp* op)
        where T : unmanaged => (op->Imm & (sizeof(T) == 8 ? 63UL : 31UL)) != 0;
}

/// <summary>Threaded handlers of shifts and rotates, of one operation at one width.</summary>
internal static unsafe class ThreadedShift<TOp, T>
    where TOp : struct, IShiftOp
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        ToRegister(c, s, op, left, flagResult, flagAux, Count(op->Imm));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterCount(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux) =>
        Count(*Gpr.At(s, Gpr.Rcx)) != 0
            ? ToRegister(c, s, op, left, flagResult, flagAux, Count(*Gpr.At(s, Gpr.Rcx)))
            : ThreadedCode.Special(c, s, op, left, flagResult, flagAux);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Write(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        ulong a = ulong.CreateTruncating(*(T*)p);
        int count = Count(op->Imm);
        T result = T.CreateTruncating(TOp.Value(a, count, 8 * sizeof(T), flagAux));
        *(T*)p = result;
        return Finish(c, s, op, left, flagResult, flagAux, a, result, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count(ulong given) => (int)given & (sizeof(T) == 8 ? 63 : 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ToRegister(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux, int count)
    {
        ulong a = ulong.CreateTruncating(Gpr.Read<T>(s, op->R0));
        T result = T.CreateTruncating(TOp.Value(a, count, 8 * sizeof(T), flagAux));
        Gpr.Write(s, op->R0, result);
        return Finish(c, s, op, left, flagResult, flagAux, a, result, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux, ulong a, T result, int count) =>
        ThreadedCode.Next(
            c, s, op, left,
            TOp.Rotates ? flagResult : LazyFlags.Result(result),
            TOp.Aux(a, ulong.CreateTruncating(result), count, 8 * sizeof(T), flagAux));
}
