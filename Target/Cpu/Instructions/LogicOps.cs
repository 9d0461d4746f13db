using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

internal readonly struct And : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => T.Zero;
}

internal readonly struct Or : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => T.Zero;
}

internal readonly struct Xor : IBinaryOp
{
    public static bool Writes => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => T.Zero;
}

internal readonly struct Test : IBinaryOp
{
    public static bool Writes => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Value<T>(T a, T b, ulong carry) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IBinaryOp.Carries<T>(T a, T b, T result) => T.Zero;
}
