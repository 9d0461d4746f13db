using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// A two-operand ALU instruction as pure functions of its operands: its result, and the vector of carries that CF, OF and
/// AF come from (<see cref="LazyFlags.AuxFromCarries"/>). The interpreter's forms, and whatever compiles, call these.
/// </summary>
internal interface IBinaryOp
{
    /// <summary>The result goes to the destination (not so for CMP and TEST).</summary>
    static abstract bool Writes { get; }

    /// <summary>The instruction takes CF.</summary>
    static abstract bool UsesCarry { get; }

    static abstract T Value<T>(T a, T b, ulong carry)
        where T : unmanaged, IBinaryInteger<T>;

    static abstract T Carries<T>(T a, T b, T result)
        where T : unmanaged, IBinaryInteger<T>;
}

internal static class Carry
{
    /// <summary>Carries out of each bit of a + b (+ carry in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfSum<T>(T a, T b, T result)
        where T : unmanaged, IBinaryInteger<T> => (a & b) | ((a | b) & ~result);

    /// <summary>Borrows out of each bit of a - b (- borrow in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfDifference<T>(T a, T b, T result)
        where T : unmanaged, IBinaryInteger<T> => (~a & b) | ((~a | b) & result);
}
