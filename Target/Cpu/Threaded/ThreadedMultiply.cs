using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Finds the threaded handlers of multiplications and divisions.</summary>
internal static unsafe class ThreadedMultiply
{
    public static ThreadedHandler Select(DecodedOp* op, Code code, AddressShape shape) => code switch
    {
        Code.Imul_r32_rm32 => Two<uint>(op, shape),
        Code.Imul_r64_rm64 => Two<ulong>(op, shape),
        Code.Imul_r32_rm32_imm32 or Code.Imul_r32_rm32_imm8 => Three<uint>(op, shape),
        Code.Imul_r64_rm64_imm32 or Code.Imul_r64_rm64_imm8 => Three<ulong>(op, shape),
        Code.Mul_rm32 when op->K0 == OperandKind.Gpr32 => &Mul32,
        Code.Mul_rm64 when op->K0 == OperandKind.Gpr64 => &Mul64,
        Code.Div_rm32 when op->K0 == OperandKind.Gpr32 => &Div32,
        Code.Div_rm64 when op->K0 == OperandKind.Gpr64 => &Div64,
        Code.Idiv_rm32 when op->K0 == OperandKind.Gpr32 => &Idiv32,
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Two<T>(DecodedOp* op, AddressShape shape)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K1 != OperandKind.Memory)
        {
            return &ThreadedSignedMultiply<T>.RegisterRegister;
        }

        return shape switch
        {
            AddressShape.Base => &ThreadedSignedMultiply<T>.RegisterMemory<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedSignedMultiply<T>.RegisterMemory<BaseIndexDisplacement>,
            _ => &ThreadedSignedMultiply<T>.RegisterMemory<WatchedAddress>,
        };
    }

    private static ThreadedHandler Three<T>(DecodedOp* op, AddressShape shape)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K1 != OperandKind.Memory)
        {
            return &ThreadedSignedMultiply<T>.RegisterImmediate;
        }

        return shape switch
        {
            AddressShape.Base => &ThreadedSignedMultiply<T>.MemoryImmediate<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedSignedMultiply<T>.MemoryImmediate<BaseIndexDisplacement>,
            _ => &ThreadedSignedMultiply<T>.MemoryImmediate<WatchedAddress>,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Mul32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong product = (ulong)(uint)*Gpr.At(s, Gpr.Rax) * (uint)*Gpr.At(s, op->R0);
        *Gpr.At(s, Gpr.Rax) = (uint)product;
        *Gpr.At(s, Gpr.Rdx) = product >> 32;
        return ThreadedCode.Next(
            c, s, op, left,
            LazyFlags.Result((uint)product), product >> 32 != 0 ? ThreadedSignedMultiply<uint>.Overflowed : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Mul64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong a = *Gpr.At(s, Gpr.Rax);
        ulong b = *Gpr.At(s, op->R0);
        ulong low = a * b;
        ulong high = ThreadedSignedMultiply<ulong>.High(a, b);
        *Gpr.At(s, Gpr.Rax) = low;
        *Gpr.At(s, Gpr.Rdx) = high;
        return ThreadedCode.Next(c, s, op, left, low, high != 0 ? ThreadedSignedMultiply<uint>.Overflowed : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Div32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        var divisor = (uint)*Gpr.At(s, op->R0);
        var high = (uint)*Gpr.At(s, Gpr.Rdx);
        if (high >= divisor)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        ulong dividend = ((ulong)high << 32) | (uint)*Gpr.At(s, Gpr.Rax);
        ulong quotient = dividend / divisor;
        *Gpr.At(s, Gpr.Rax) = quotient;
        *Gpr.At(s, Gpr.Rdx) = (uint)(dividend - quotient * divisor);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Div64(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        ulong divisor = *Gpr.At(s, op->R0);
        if (divisor == 0 || *Gpr.At(s, Gpr.Rdx) != 0)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        ulong dividend = *Gpr.At(s, Gpr.Rax);
        ulong quotient = dividend / divisor;
        *Gpr.At(s, Gpr.Rax) = quotient;
        *Gpr.At(s, Gpr.Rdx) = dividend - quotient * divisor;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Idiv32(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        var divisor = (int)*Gpr.At(s, op->R0);
        var low = (int)*Gpr.At(s, Gpr.Rax);

        // A dividend that is no more than EAX with its sign, as CDQ makes it: all of a compiler's.
        if (divisor + 1U <= 1 || (int)*Gpr.At(s, Gpr.Rdx) != low >> 31)
        {
            return ThreadedCode.Special(c, s, op, left, flagResult, flagAux);
        }

        int quotient = low / divisor;
        *Gpr.At(s, Gpr.Rax) = (uint)quotient;
        *Gpr.At(s, Gpr.Rdx) = (uint)(low - quotient * divisor);
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handlers of IMUL with two and three operands.</summary>
internal static unsafe class ThreadedSignedMultiply<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>CF and OF set: see <see cref="LazyFlags"/>.</summary>
    public const ulong Overflowed = 1UL << 63;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R0);
        T b = Gpr.Read<T>(s, op->R1);
        Gpr.Write(s, op->R0, a * b);
        return ThreadedCode.Next(c, s, op, left, LazyFlags.Result(a * b), Aux(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterImmediate(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        T a = Gpr.Read<T>(s, op->R1);
        T b = T.CreateTruncating(op->Imm);
        Gpr.Write(s, op->R0, a * b);
        return ThreadedCode.Next(c, s, op, left, LazyFlags.Result(a * b), Aux(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RegisterMemory<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Read(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = Gpr.Read<T>(s, op->R0);
        T b = *(T*)p;
        Gpr.Write(s, op->R0, a * b);
        return ThreadedCode.Next(c, s, op, left, LazyFlags.Result(a * b), Aux(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int MemoryImmediate<TAddress>(
        CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Read(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        T a = *(T*)p;
        T b = T.CreateTruncating(op->Imm);
        Gpr.Write(s, op->R0, a * b);
        return ThreadedCode.Next(c, s, op, left, LazyFlags.Result(a * b), Aux(a, b));
    }

    /// <summary>The second flag word: whether the upper half of the signed product is more than the sign of the lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Aux(T a, T b)
    {
        var x = (long)LazyFlags.Result(a);
        var y = (long)LazyFlags.Result(b);
        if (sizeof(T) < 8)
        {
            return x * y != (long)LazyFlags.Result(a * b) ? Overflowed : 0;
        }

        // The signed upper half from the unsigned one (Warren, Hacker's Delight, 8-3).
        long high = (long)High((ulong)x, (ulong)y) - (x >> 63 & y) - (y >> 63 & x);
        return high != (x * y) >> 63 ? Overflowed : 0;
    }

    /// <summary>The upper half of an unsigned product.</summary>
    /// <remarks>Math.BigMul gives the lower half through a pointer, and with a local's address taken there is no tail call.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong a, ulong b)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.MultiplyNoFlags(a, b);
        }

        ulong cross = (a >> 32) * (uint)b + ((ulong)(uint)a * (uint)b >> 32);
        ulong other = (ulong)(uint)a * (b >> 32) + (uint)cross;
        return (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
    }
}
