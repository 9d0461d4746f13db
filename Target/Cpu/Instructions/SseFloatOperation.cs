using System.Numerics;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// One floating-point operation on a destination's lane and a source's lane: exactly, with exceptions, and as the host
/// does it where <see cref="SseFloatOrdinary"/> and <see cref="SseFloatStatus.IsSettled"/> say that this is the same.
/// </summary>
internal interface IFloatOperation : IFloatLane
{
    /// <summary>A zero result from operands that are not denormal raised no exception.</summary>
    static abstract bool ZeroIsExact { get; }

    /// <summary>The host's, one lane.</summary>
    static abstract T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T>;

    /// <summary>The host's, every lane.</summary>
    static abstract Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b);
}

/// <summary>ADDPS, ADDPD, ADDSS, ADDSD.</summary>
internal readonly struct FloatAdd : IFloatOperation
{
    public static bool ZeroIsExact => true;

    public static uint Exact(uint a, uint b, ref FloatStatus status) => Binary32.Add(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) => Binary64.Add(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a + b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) => a + b;
}

/// <summary>SUBPS, SUBPD, SUBSS, SUBSD.</summary>
internal readonly struct FloatSubtract : IFloatOperation
{
    public static bool ZeroIsExact => true;

    public static uint Exact(uint a, uint b, ref FloatStatus status) => Binary32.Subtract(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) => Binary64.Subtract(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a - b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) => a - b;
}

/// <summary>MULPS, MULPD, MULSS, MULSD.</summary>
internal readonly struct FloatMultiply : IFloatOperation
{
    public static bool ZeroIsExact => false;

    public static uint Exact(uint a, uint b, ref FloatStatus status) => Binary32.Multiply(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) => Binary64.Multiply(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a * b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) => a * b;
}

/// <summary>DIVPS, DIVPD, DIVSS, DIVSD.</summary>
internal readonly struct FloatDivide : IFloatOperation
{
    public static bool ZeroIsExact => false;

    public static uint Exact(uint a, uint b, ref FloatStatus status) => Binary32.Divide(a, b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) => Binary64.Divide(a, b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => a / b;

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) => a / b;
}

/// <summary>SQRTPS, SQRTPD, SQRTSS, SQRTSD: the destination's old value is not an operand.</summary>
internal readonly struct FloatSquareRoot : IFloatOperation
{
    public static bool ZeroIsExact => true;

    public static uint Exact(uint a, uint b, ref FloatStatus status) => Binary32.SquareRoot(b, ref status);

    public static ulong Exact(ulong a, ulong b, ref FloatStatus status) => Binary64.SquareRoot(b, ref status);

    public static T Host<T>(T a, T b)
        where T : IBinaryFloatingPointIeee754<T> => T.Sqrt(b);

    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b) => Vector128.Sqrt(b);
}
