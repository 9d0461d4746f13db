using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>ROL (SDM vol. 2, "RCL/RCR/ROL/ROR"): CF = the result's lowest bit, OF = CF xor the result's sign.</summary>
internal readonly struct RotateLeft : IShiftOp
{
    public static bool Rotates => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => width switch
    {
        64 => BitOperations.RotateLeft(a, count),
        32 => BitOperations.RotateLeft((uint)a, count),
        16 => ushort.RotateLeft((ushort)a, count),
        _ => byte.RotateLeft((byte)a, count),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux) =>
        LazyFlags.WithCarryOverflow(aux, result & 1, (result ^ (result >> (width - 1))) & 1);
}

/// <summary>ROR: CF = the result's sign, OF = the xor of its two highest bits.</summary>
internal readonly struct RotateRight : IShiftOp
{
    public static bool Rotates => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => width switch
    {
        64 => BitOperations.RotateRight(a, count),
        32 => BitOperations.RotateRight((uint)a, count),
        16 => ushort.RotateRight((ushort)a, count),
        _ => byte.RotateRight((byte)a, count),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux) =>
        LazyFlags.WithCarryOverflow(
            aux, (result >> (width - 1)) & 1, ((result >> (width - 1)) ^ (result >> (width - 2))) & 1);
}

/// <summary>RCL: the operand and CF above it rotate as one number of width + 1 bits; a whole turn changes no flag.</summary>
internal readonly struct RotateCarryLeft : IShiftOp
{
    public static bool Rotates => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => Rotate(a, count, width, aux).Result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux)
    {
        ulong carry = Rotate(a, count, width, aux).Carry;
        return count % (width + 1) == 0
            ? aux
            : LazyFlags.WithCarryOverflow(aux, carry, (carry ^ (result >> (width - 1))) & 1);
    }

    private static (ulong Result, ulong Carry) Rotate(ulong a, int count, int width, ulong aux)
    {
        int turns = count % (width + 1);
        UInt128 whole = ((UInt128)(aux >> 63) << width) | a;
        UInt128 turned = (whole << turns) | (whole >> (width + 1 - turns));
        return ((ulong)turned, (ulong)(turned >> width) & 1);
    }
}

/// <summary>RCR: as RCL, the other way; OF = the xor of the result's two highest bits.</summary>
internal readonly struct RotateCarryRight : IShiftOp
{
    public static bool Rotates => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => Rotate(a, count, width, aux).Result;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux)
    {
        ulong overflow = ((result >> (width - 1)) ^ (result >> (width - 2))) & 1;
        return count % (width + 1) == 0
            ? aux
            : LazyFlags.WithCarryOverflow(aux, Rotate(a, count, width, aux).Carry, overflow);
    }

    private static (ulong Result, ulong Carry) Rotate(ulong a, int count, int width, ulong aux)
    {
        int turns = count % (width + 1);
        UInt128 whole = ((UInt128)(aux >> 63) << width) | a;
        UInt128 turned = (whole >> turns) | (whole << (width + 1 - turns));
        return ((ulong)turned, (ulong)(turned >> width) & 1);
    }
}
