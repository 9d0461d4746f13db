using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Threaded handlers of MOV at one width.</summary>
internal static unsafe class ThreadedMove<T>
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        Gpr.Write(s, op->R0, Gpr.Read<T>(s, op->R1));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        Gpr.Write(s, op->R0, T.CreateTruncating(op->Imm));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Load<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Read(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        Gpr.Write(s, op->R0, *(T*)p);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Store<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Write(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        *(T*)p = Gpr.Read<T>(s, op->R1);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int StoreImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Write(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        *(T*)p = T.CreateTruncating(op->Imm);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handlers of MOVZX (unsigned source type) and MOVSX, MOVSXD (signed source type).</summary>
internal static unsafe class ThreadedExtend<TFrom, TTo>
    where TFrom : unmanaged, IBinaryInteger<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        Gpr.Write(s, op->R0, TTo.CreateTruncating(*(TFrom*)Gpr.At(s, op->R1)));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Read(s, op, sizeof(TFrom), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        Gpr.Write(s, op->R0, TTo.CreateTruncating(*(TFrom*)p));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handlers of LEA.</summary>
internal static unsafe class ThreadedLea<T, TAddress>
    where T : unmanaged, IBinaryInteger<T>
    where TAddress : struct, IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Run(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        Gpr.Write(s, op->R0, T.CreateTruncating(TAddress.Of(s, op)));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
