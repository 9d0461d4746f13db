using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SHL and SAL (SDM vol. 2, "SAL/SAR/SHL/SHR"): OF = CF xor the result's sign, also for counts where it is undefined.</summary>
internal readonly struct ShiftLeft : IShiftOp
{
    public static bool Rotates => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => a << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux)
    {
        ulong carry = width == 64 ? a >> (64 - count) : a << count >> width;
        return LazyFlags.Aux(carry & 1, (carry ^ (result >> (width - 1))) & 1, 0);
    }
}

/// <summary>SHR: OF = the operand's sign for a count of 1; else, undefined on paper, 0.</summary>
internal readonly struct ShiftRight : IShiftOp
{
    public static bool Rotates => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => a >> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux)
    {
        ulong overflow = (result ^ (result << 1)) >> (width - 1);
        return LazyFlags.Aux((a >> (count - 1)) & 1, overflow & 1, 0);
    }
}

/// <summary>SAR: OF = 0.</summary>
internal readonly struct ShiftArithmeticRight : IShiftOp
{
    public static bool Rotates => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong a, int count, int width, ulong aux) => (ulong)(Extend(a, width) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong a, ulong result, int count, int width, ulong aux) =>
        LazyFlags.Aux((ulong)(Extend(a, width) >> (count - 1)) & 1, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Extend(ulong a, int width) => (long)(a << (64 - width)) >> (64 - width);
}
