using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Finds the handlers of <see cref="ThreadedUnary{TOp,T}"/>.</summary>
internal static unsafe class ThreadedUnary
{
    public static ThreadedHandler Select<TOp>(DecodedOp* op, AddressShape shape)
        where TOp : struct, IUnaryOp => op->K0 switch
    {
        OperandKind.Gpr8 => &ThreadedUnary<TOp, byte>.Register,
        OperandKind.Gpr16 => &ThreadedUnary<TOp, ushort>.Register,
        OperandKind.Gpr32 => &ThreadedUnary<TOp, uint>.Register,
        OperandKind.Gpr64 => &ThreadedUnary<TOp, ulong>.Register,
        OperandKind.Memory => op->MemoryBytes switch
        {
            1 => Memory<TOp, byte>(shape),
            2 => Memory<TOp, ushort>(shape),
            4 => Memory<TOp, uint>(shape),
            8 => Memory<TOp, ulong>(shape),
            _ => &ThreadedCode.General,
        },
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Memory<TOp, T>(AddressShape shape)
        where TOp : struct, IUnaryOp
        where T : unmanaged, IBinaryInteger<T> => shape switch
        {
            AddressShape.Base => &ThreadedUnary<TOp, T>.Memory<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedUnary<TOp, T>.Memory<BaseIndexDisplacement>,
            _ => &ThreadedUnary<TOp, T>.Memory<WatchedAddress>,
        };
}

/// <summary>Threaded handlers of INC, DEC, NEG, NOT.</summary>
internal static unsafe class ThreadedUnary<TOp, T>
    where TOp : struct, IUnaryOp
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R0);
        T result = TOp.Value(a);
        Gpr.Write(s, op->R0, result);
        return ThreadedCode.Next(c, s, op, left, TOp.Result(result, flagResult), TOp.Aux(a, result, flagAux));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Memory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Write(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = *(T*)p;
        T result = TOp.Value(a);
        *(T*)p = result;
        return ThreadedCode.Next(c, s, op, left, TOp.Result(result, flagResult), TOp.Aux(a, result, flagAux));
    }
}
