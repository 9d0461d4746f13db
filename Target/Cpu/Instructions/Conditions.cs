using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>One of the sixteen conditions of Jcc, SETcc and CMOVcc, of the two flag words of <see cref="LazyFlags"/> (SDM vol. 1, B.1).</summary>
internal interface ICondition
{
    static abstract bool Holds(ulong result, ulong aux);

    /// <summary>
    /// The same of the flags that CMP <paramref name="a"/>, <paramref name="b"/> sets, without making them where there is a
    /// shorter way.
    /// </summary>
    static abstract bool HoldsComparing<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>The flag words of a comparison, for the conditions that have no shorter way.</summary>
internal static class ComparedFlags
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Result<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T> => LazyFlags.Result(a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T> => LazyFlags.AuxFromCarries(Carry.OfDifference(a, b, a - b));
}

internal readonly struct Overflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Overflow(aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct NotOverflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Overflow(aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct Below : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Carry(aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a < b;
}

internal readonly struct NotBelow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Carry(aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a >= b;
}

internal readonly struct Equal : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Zero(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a == b;
}

internal readonly struct NotEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Zero(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a != b;
}

internal readonly struct BelowOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Carry(aux) | LazyFlags.Zero(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a <= b;
}

internal readonly struct Above : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !(LazyFlags.Carry(aux) | LazyFlags.Zero(result));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => a > b;
}

internal readonly struct Negative : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Sign(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct NotNegative : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Sign(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct ParityEven : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Parity(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct ParityOdd : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Parity(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => Holds(ComparedFlags.Result(a, b), ComparedFlags.Aux(a, b));
}

internal readonly struct Less : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Less(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => (long)LazyFlags.Result(a) < (long)LazyFlags.Result(b);
}

internal readonly struct NotLess : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Less(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => (long)LazyFlags.Result(a) >= (long)LazyFlags.Result(b);
}

internal readonly struct LessOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Zero(result) | LazyFlags.Less(result, aux);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => (long)LazyFlags.Result(a) <= (long)LazyFlags.Result(b);
}

internal readonly struct Greater : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !(LazyFlags.Zero(result) | LazyFlags.Less(result, aux));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ICondition.HoldsComparing<T>(T a, T b) => (long)LazyFlags.Result(a) > (long)LazyFlags.Result(b);
}
