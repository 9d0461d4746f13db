using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// Double precision as SSE2 computes it: the host's own arithmetic where that is provably the same, else
/// <see cref="SoftBinary{TFormat}"/>.
/// </summary>
/// <remarks>
/// The fast path takes normal and zero operands, rounding to nearest, and a result safely inside the normal range (or
/// an exact zero), so that PE is the only exception possible. Whether it is raised is found exactly: the error of a sum
/// by Knuth's two-sum, those of product, quotient and root by a fused multiply-add; both are themselves free of
/// rounding there.
/// </remarks>
internal static class Binary64
{
    private const ulong ExponentField = 0x7FF0000000000000;
    private const ulong Magnitude = long.MaxValue;

    // Results (and dividends and radicands) between 2^-900 and 2^1020 keep all error terms in range.
    private const ulong LeastSafe = (1023UL - 900) << 52;
    private const ulong SafeRange = ((1023UL + 1020) << 52) - LeastSafe;

    /// <summary>a + b.</summary>
    public static ulong Add(ulong a, ulong b, ref FloatStatus status)
    {
        double x = BitConverter.UInt64BitsToDouble(a);
        double y = BitConverter.UInt64BitsToDouble(b);
        double sum = x + y;
        ulong bits = BitConverter.DoubleToUInt64Bits(sum);
        if (!CanBeFast(status) || !IsPlain(a) || !IsPlain(b) || !(IsSafe(bits) || IsZero(bits)))
        {
            return SoftBinary<Binary64Format>.Add(a, b, ref status);
        }

        if (NeedsPrecision(status))
        {
            double part = sum - x;
            double error = (x - (sum - part)) + (y - part);
            RaiseIf(error != 0, ref status);
        }

        return bits;
    }

    /// <summary>a - b.</summary>
    public static ulong Subtract(ulong a, ulong b, ref FloatStatus status) =>
        (b & Magnitude) > ExponentField
            ? SoftBinary<Binary64Format>.Subtract(a, b, ref status)
            : Add(a, b ^ ~Magnitude, ref status);

    /// <summary>a * b.</summary>
    public static ulong Multiply(ulong a, ulong b, ref FloatStatus status)
    {
        double x = BitConverter.UInt64BitsToDouble(a);
        double y = BitConverter.UInt64BitsToDouble(b);
        double product = x * y;
        ulong bits = BitConverter.DoubleToUInt64Bits(product);
        if (!CanBeFast(status) || !IsPlain(a) || !IsPlain(b) || !(IsSafe(bits) || IsZero(a) || IsZero(b)))
        {
            return SoftBinary<Binary64Format>.Multiply(a, b, ref status);
        }

        if (NeedsPrecision(status))
        {
            RaiseIf(Math.FusedMultiplyAdd(x, y, -product) != 0, ref status);
        }

        return bits;
    }

    /// <summary>a / b.</summary>
    public static ulong Divide(ulong a, ulong b, ref FloatStatus status)
    {
        double x = BitConverter.UInt64BitsToDouble(a);
        double y = BitConverter.UInt64BitsToDouble(b);
        double quotient = x / y;
        ulong bits = BitConverter.DoubleToUInt64Bits(quotient);
        if (!CanBeFast(status) || !IsSafe(a) || !IsPlain(b) || !IsSafe(bits))
        {
            return SoftBinary<Binary64Format>.Divide(a, b, ref status);
        }

        if (NeedsPrecision(status))
        {
            RaiseIf(Math.FusedMultiplyAdd(quotient, y, -x) != 0, ref status);
        }

        return bits;
    }

    /// <summary>The square root of a.</summary>
    public static ulong SquareRoot(ulong a, ref FloatStatus status)
    {
        if (!CanBeFast(status) || a - LeastSafe >= SafeRange)
        {
            return SoftBinary<Binary64Format>.SquareRoot(a, ref status);
        }

        double x = BitConverter.UInt64BitsToDouble(a);
        double root = Math.Sqrt(x);
        if (NeedsPrecision(status))
        {
            RaiseIf(Math.FusedMultiplyAdd(root, root, -x) != 0, ref status);
        }

        return BitConverter.DoubleToUInt64Bits(root);
    }

    /// <summary>a * b + c with one rounding; fast only where PE need not be found.</summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref FloatStatus status)
    {
        bool plain = IsPlain(a) && IsPlain(b) && IsPlain(c);
        if (plain && CanBeFast(status) && !NeedsPrecision(status))
        {
            double x = BitConverter.UInt64BitsToDouble(a);
            double y = BitConverter.UInt64BitsToDouble(b);
            double sum = Math.FusedMultiplyAdd(x, y, BitConverter.UInt64BitsToDouble(c));
            ulong bits = BitConverter.DoubleToUInt64Bits(sum);
            if (IsSafe(bits))
            {
                return bits;
            }
        }

        return SoftBinary<Binary64Format>.MultiplyAdd(a, b, c, ref status);
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
    private static bool IsPlain(ulong bits) => (bits & ExponentField) - 1 < ExponentField - 1 || IsZero(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsZero(ulong bits) => (bits & Magnitude) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSafe(ulong bits) => (bits & Magnitude) - LeastSafe < SafeRange;
}
