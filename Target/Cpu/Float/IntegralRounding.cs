using System.Numerics;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>Integers out of floating-point data, and back.</summary>
internal static class IntegralRounding
{
    /// <summary>
    /// The magnitude of <paramref name="value"/>, finite or zero and below 2^64, as an integer.
    /// </summary>
    public static ulong Magnitude(in Unpacked value, RoundingMode rounding, out bool inexact, out bool up)
    {
        inexact = false;
        up = false;
        int shift = 63 - value.Exponent;
        if (value.Class == FloatClass.Zero || shift <= 0)
        {
            return value.Significand;
        }

        ulong whole = shift < 64 ? value.Significand >> shift : 0;
        ulong tail = shift switch
        {
            < 64 => value.Significand << (64 - shift),
            64 => value.Significand,
            _ => 1,
        };
        inexact = tail != 0;
        up = Rounder.RoundsUp(value.Sign, (whole & 1) != 0, tail, rounding);
        return up ? whole + 1 : whole;
    }

    /// <summary>
    /// The integral value nearest to <paramref name="value"/> in the direction of <paramref name="rounding"/>; raises
    /// PE alone. Infinities and zeros stay.
    /// </summary>
    public static Unpacked Round(in Unpacked value, RoundingMode rounding, ref FloatStatus status)
    {
        if (value.Class != FloatClass.Finite || value.Exponent >= 63)
        {
            return value;
        }

        ulong magnitude = Magnitude(value, rounding, out bool inexact, out bool up);
        if (inexact)
        {
            status.Raised |= FloatExceptions.Precision;
            status.RoundedUp = up;
        }

        return FromMagnitude(value.Sign, magnitude);
    }

    /// <summary>
    /// <paramref name="value"/> as a two's complement (or unsigned) integer of <paramref name="bits"/> bits, in the low
    /// bits of the result. NaNs and what is out of range after rounding raise IE and give the integer indefinite: only
    /// the top bit set, or all ones if unsigned (SDM vol. 1, section 4.8.3.7 and AVX-512 conversions).
    /// </summary>
    public static ulong ToInteger(
        in Unpacked value, int bits, bool isSigned, RoundingMode rounding, ref FloatStatus status)
    {
        ulong mask = ulong.MaxValue >> (64 - bits);
        if (value.Class is FloatClass.Zero or FloatClass.Finite && value.Exponent < 64)
        {
            ulong magnitude = Magnitude(value, rounding, out bool inexact, out bool up);
            ulong limit = !isSigned ? (value.Sign ? 0 : mask) : (mask >> 1) + (value.Sign ? 1UL : 0UL);
            if (magnitude <= limit)
            {
                status.RoundedUp = up;
                status.Raised |= inexact ? FloatExceptions.Precision : FloatExceptions.None;
                return (value.Sign ? 0 - magnitude : magnitude) & mask;
            }
        }

        status.Raised |= FloatExceptions.Invalid;
        status.RoundedUp = false;
        return isSigned ? (mask >> 1) + 1 : mask;
    }

    /// <summary>The integer of the given sign and magnitude, exactly; 0 becomes a zero of that sign.</summary>
    public static Unpacked FromMagnitude(bool sign, ulong magnitude)
    {
        if (magnitude == 0)
        {
            return Unpacked.Zero(sign);
        }

        int shift = BitOperations.LeadingZeroCount(magnitude);
        return new Unpacked(FloatClass.Finite, sign, 63 - shift, magnitude << shift);
    }

    /// <summary>A signed integer, exactly; 0 becomes plus zero.</summary>
    public static Unpacked FromInteger(long value) =>
        FromMagnitude(value < 0, value < 0 ? (ulong)-value : (ulong)value);
}
