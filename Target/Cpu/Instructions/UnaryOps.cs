using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>INC, DEC, NEG and NOT as pure functions of their operand.</summary>
internal interface IUnaryOp
{
    static abstract T Value<T>(T a)
        where T : unmanaged, IBinaryInteger<T>;

    /// <summary>The first flag word after it.</summary>
    static abstract ulong Result<T>(T result, ulong before)
        where T : unmanaged, IBinaryInteger<T>;

    /// <summary>The second flag word after it.</summary>
    static abstract ulong Aux<T>(T a, T result, ulong before)
        where T : unmanaged, IBinaryInteger<T>;
}

internal readonly struct Increment : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IUnaryOp.Value<T>(T a) => a + T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Result<T>(T result, ulong before) => LazyFlags.Result(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Aux<T>(T a, T result, ulong before) =>
        LazyFlags.KeepCarry(before, LazyFlags.AuxFromCarries(a & ~result));
}

internal readonly struct Decrement : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IUnaryOp.Value<T>(T a) => a - T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Result<T>(T result, ulong before) => LazyFlags.Result(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Aux<T>(T a, T result, ulong before) =>
        LazyFlags.KeepCarry(before, LazyFlags.AuxFromCarries(~a & result));
}

internal readonly struct Negate : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IUnaryOp.Value<T>(T a) => T.Zero - a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Result<T>(T result, ulong before) => LazyFlags.Result(result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Aux<T>(T a, T result, ulong before) => LazyFlags.AuxFromCarries(a | result);
}

internal readonly struct Complement : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T IUnaryOp.Value<T>(T a) => ~a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Result<T>(T result, ulong before) => before;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong IUnaryOp.Aux<T>(T a, T result, ulong before) => before;
}
