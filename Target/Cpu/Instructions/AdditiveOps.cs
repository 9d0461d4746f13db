using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

internal readonly struct Add : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => Carry.OfSum(a, b, result);
}

internal readonly struct Adc : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a + b + T.CreateTruncating(carry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => Carry.OfSum(a, b, result);
}

internal readonly struct Sub : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => Carry.OfDifference(a, b, result);
}

internal readonly struct Sbb : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a - b - T.CreateTruncating(carry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => Carry.OfDifference(a, b, result);
}

internal readonly struct Cmp : IBinaryOp
{
    public static bool Writes => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => Carry.OfDifference(a, b, result);
}
