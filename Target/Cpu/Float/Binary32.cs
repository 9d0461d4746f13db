using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// Single precision as SSE computes it: the host's own arithmetic where that is provably the same, else
/// <see cref="SoftBinary{TFormat}"/>.
/// </summary>
/// <remarks>
/// As <see cref="Binary64"/>, but exactness is found in double precision, where products of singles are exact; sums
/// keep the two-sum, since operands may lie too far apart even for 53 bits.
/// </remarks>
internal static class Binary32
{
    private const uint ExponentField = 0x7F800000;
    private const uint Magnitude = int.MaxValue;

    // Results between 2^-100 and 2^124.
    private const uint LeastSafe = (127U - 100) << 23;
    private const uint SafeRange = ((127U + 124) << 23) - LeastSafe;

    /// <summary>a + b.</summary>
    public static uint Add(uint a, uint b, ref FloatStatus status)
    {
        float x = BitConverter.UInt32BitsToSingle(a);
        float y = BitConverter.UInt32BitsToSingle(b);
        float sum = x + y;
        uint bits = BitConverter.SingleToUInt32Bits(sum);
        if (!CanBeFast(status) || !IsPlain(a) || !IsPlain(b) || !(IsSafe(bits) || IsZero(bits)))
        {
            return (uint)SoftBinary<Binary32Format>.Add(a, b, ref status);
        }

        if (NeedsPrecision(status))
        {
            float part = sum - x;
            float error = (x - (sum - part)) + (y - part);
            RaiseIf(error != 0, ref status);
        }

        return bits;
    }

    /// <summary>a - b.</summary>
    public static uint Subtract(uint a, uint b, ref FloatStatus status) =>
        (b & Magnitude) > ExponentField
            ? (uint)SoftBinary<Binary32Format>.Subtract(a, b, ref status)
            : Add(a, b ^ ~Magnitude, ref status);

    /// <summary>a * b.</summary>
    public static uint Multiply(uint a, uint b, ref FloatStatus status)
    {
        double exact = (double)BitConverter.UInt32BitsToSingle(a) * BitConverter.UInt32BitsToSingle(b);
        float product = (float)exact;
        uint bits = BitConverter.SingleToUInt32Bits(product);
        if (!CanBeFast(status) || !IsPlain(a) || !IsPlain(b) || !(IsSafe(bits) || IsZero(a) || IsZero(b)))
        {
            return (uint)SoftBinary<Binary32Format>.Multiply(a, b, ref status);
        }

        RaiseIf(product != exact, ref status);
        return bits;
    }

    /// <summary>a / b.</summary>
    public static uint Divide(uint a, uint b, ref FloatStatus status)
    {
        float x = BitConverter.UInt32BitsToSingle(a);
        float y = BitConverter.UInt32BitsToSingle(b);
        float quotient = x / y;
        uint bits = BitConverter.SingleToUInt32Bits(quotient);
        if (!CanBeFast(status) || !IsPlain(a) || !IsPlain(b) || !IsSafe(bits))
        {
            return (uint)SoftBinary<Binary32Format>.Divide(a, b, ref status);
        }

        RaiseIf((double)quotient * y != x, ref status);
        return bits;
    }

    /// <summary>The square root of a.</summary>
    public static uint SquareRoot(uint a, ref FloatStatus status)
    {
        if (!CanBeFast(status) || a - LeastSafe >= SafeRange)
        {
            return (uint)SoftBinary<Binary32Format>.SquareRoot(a, ref status);
        }

        float x = BitConverter.UInt32BitsToSingle(a);
        float root = MathF.Sqrt(x);
        RaiseIf((double)root * root != x, ref status);
        return BitConverter.SingleToUInt32Bits(root);
    }

    /// <summary>a * b + c with one rounding; fast only where PE need not be found.</summary>
    public static uint MultiplyAdd(uint a, uint b, uint c, ref FloatStatus status)
    {
        bool plain = IsPlain(a) && IsPlain(b) && IsPlain(c);
        if (plain && CanBeFast(status) && !NeedsPrecision(status))
        {
            float x = BitConverter.UInt32BitsToSingle(a);
            float y = BitConverter.UInt32BitsToSingle(b);
            float sum = MathF.FusedMultiplyAdd(x, y, BitConverter.UInt32BitsToSingle(c));
            uint bits = BitConverter.SingleToUInt32Bits(sum);
            if (IsSafe(bits))
            {
                return bits;
            }
        }

        return (uint)SoftBinary<Binary32Format>.MultiplyAdd(a, b, c, ref status);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CanBeFast(in FloatStatus status) => status.Rounding == RoundingMode.NearestEven;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool NeedsPrecision(in FloatStatus status) =>
        ((status.Settled | status.Raised) & FloatExceptions.Precision) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RaiseIf(bool inexact, ref FloatStatus status)
    {
        if (inexact)
        {
            status.Raised |= FloatExceptions.Precision;
        }
    }

    /// <summary>Normal or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(uint bits) => (bits & ExponentField) - 1 < ExponentField - 1 || IsZero(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsZero(uint bits) => (bits & Magnitude) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSafe(uint bits) => (bits & Magnitude) - LeastSafe < SafeRange;
}
