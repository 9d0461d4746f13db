using System.Numerics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Tests.Float;

/// <summary>The parameters of a format, as IEEE 754 states them.</summary>
internal readonly record struct ReferenceFormat(int Precision, int MinExponent, int MaxExponent)
{
    public static ReferenceFormat Binary16 => new(11, -14, 15);

    public static ReferenceFormat Binary32 => new(24, -126, 127);

    public static ReferenceFormat Binary64 => new(53, -1022, 1023);

    public static ReferenceFormat Extended(int precision) => new(precision, -16382, 16383);
}

/// <summary>
/// Rounds exact rationals by the text of IEEE 754-2008 (sections 4.3 and 7), with big integers and no cleverness: the
/// oracle of the tests beside it.
/// </summary>
internal static class ExactReference
{
    /// <summary>What a masked operation delivers: Numerator/Denominator or an infinity, and the exceptions.</summary>
    internal readonly record struct Result(bool IsInfinite, BigRational Value, FloatExceptions Exceptions);

    /// <summary>Rounds a non-zero <paramref name="value"/>; tininess is detected after rounding.</summary>
    public static Result Round(BigRational value, ReferenceFormat format, RoundingMode mode, bool flushToZero = false)
    {
        int leading = value.FloorLog2();
        BigRational unbounded = RoundToMultiple(value, leading - format.Precision + 1, mode);
        bool tiny = BigRational.Abs(unbounded) < BigRational.PowerOfTwo(format.MinExponent);
        if (tiny && flushToZero)
        {
            return new Result(false, default, FloatExceptions.Underflow | FloatExceptions.Precision);
        }

        int unit = Math.Max(leading, format.MinExponent) - format.Precision + 1;
        BigRational rounded = RoundToMultiple(value, unit, mode);
        FloatExceptions exceptions = rounded == value ? FloatExceptions.None : FloatExceptions.Precision;
        if (tiny && rounded != value)
        {
            exceptions |= FloatExceptions.Underflow;
        }

        return BigRational.Abs(rounded) < BigRational.PowerOfTwo(format.MaxExponent + 1)
            ? new Result(false, rounded, exceptions)
            : Overflow(value.Sign < 0, format, mode);
    }

    /// <summary>The multiple of 2^<paramref name="unit"/> that the mode picks.</summary>
    public static BigRational RoundToMultiple(BigRational value, int unit, RoundingMode mode)
    {
        BigRational scaled = value * BigRational.PowerOfTwo(-unit);
        BigInteger below = scaled.Floor();
        BigRational fraction = scaled - new BigRational(below, 1);
        int half = fraction.CompareTo(new BigRational(1, 2));
        bool up = mode switch
        {
            RoundingMode.NearestEven => half > 0 || (half == 0 && !below.IsEven),
            RoundingMode.Up => fraction.Sign > 0,
            RoundingMode.TowardZero => fraction.Sign > 0 && value.Sign < 0,
            _ => false,
        };
        return new BigRational(up ? below + 1 : below, 1) * BigRational.PowerOfTwo(unit);
    }

    /// <summary>
    /// A rational on the same side of every representable number and midpoint as the root of <paramref name="value"/>.
    /// </summary>
    public static BigRational SquareRoot(BigRational value)
    {
        const int extraBits = 160;
        int shift = (2 * extraBits) - (value.FloorLog2() & ~1);
        BigRational scaled = value * BigRational.PowerOfTwo(shift);
        BigInteger root = IntegerRoot(scaled.Floor());
        bool exact = new BigRational(root * root, 1) == scaled;
        BigRational approximation = exact ? new BigRational(root, 1) : new BigRational((2 * root) + 1, 2);
        return approximation * BigRational.PowerOfTwo(-shift / 2);
    }

    private static BigInteger IntegerRoot(BigInteger value)
    {
        BigInteger guess = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (guess + (value / guess)) >> 1;
            if (next >= guess)
            {
                return guess;
            }

            guess = next;
        }
    }

    private static Result Overflow(bool negative, ReferenceFormat format, RoundingMode mode)
    {
        FloatExceptions exceptions = FloatExceptions.Overflow | FloatExceptions.Precision;
        bool infinite = mode switch
        {
            RoundingMode.NearestEven => true,
            RoundingMode.Down => negative,
            RoundingMode.Up => !negative,
            _ => false,
        };
        BigRational largest = BigRational.PowerOfTwo(format.MaxExponent + 1)
            - BigRational.PowerOfTwo(format.MaxExponent + 1 - format.Precision);
        BigRational signed = negative ? default(BigRational) - largest : largest;
        return new Result(infinite, infinite ? new BigRational(negative ? -1 : 1, 1) : signed, exceptions);
    }
}
