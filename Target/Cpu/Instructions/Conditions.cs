using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>One of the sixteen conditions of Jcc, SETcc and CMOVcc, of the two flag words of <see cref="LazyFlags"/> (SDM vol. 1, B.1).</summary>
internal interface ICondition
{
    static abstract bool Holds(ulong result, ulong aux);
}

internal readonly struct Overflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Overflow(aux);
}

internal readonly struct NotOverflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Overflow(aux);
}

internal readonly struct Below : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Carry(aux);
}

internal readonly struct NotBelow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Carry(aux);
}

internal readonly struct Equal : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Zero(result);
}

internal readonly struct NotEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Zero(result);
}

internal readonly struct BelowOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Carry(aux) | LazyFlags.Zero(result);
}

internal readonly struct Above : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !(LazyFlags.Carry(aux) | LazyFlags.Zero(result));
}

internal readonly struct Negative : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Sign(result, aux);
}

internal readonly struct NotNegative : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Sign(result, aux);
}

internal readonly struct ParityEven : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Parity(result, aux);
}

internal readonly struct ParityOdd : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Parity(result, aux);
}

internal readonly struct Less : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Less(result, aux);
}

internal readonly struct NotLess : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !LazyFlags.Less(result, aux);
}

internal readonly struct LessOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => LazyFlags.Zero(result) | LazyFlags.Less(result, aux);
}

internal readonly struct Greater : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ulong result, ulong aux) => !(LazyFlags.Zero(result) | LazyFlags.Less(result, aux));
}
