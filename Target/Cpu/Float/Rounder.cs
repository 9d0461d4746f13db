namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// Fits an unrounded result into a format and raises OE, UE and PE: tininess is detected after rounding, and the masked
/// and unmasked responses are those of SDM vol. 1, sections 4.9.1.4 to 4.9.1.6, 8.5.4 to 8.5.6 and 11.5.2.
/// </summary>
internal static class Rounder
{
    /// <summary>What unmasked overflow and underflow move the exponent of an x87 register by.</summary>
    public const int Rebias = 24576;

    private const ulong Half = 1UL << 63;

    /// <summary>Rounds <paramref name="exact"/>, which is finite, zero or infinite.</summary>
    public static Unpacked Round<TFormat>(in Wide exact, ref FloatStatus status)
        where TFormat : struct, IFloatFormat
    {
        if (exact.Class != FloatClass.Finite)
        {
            return new Unpacked(exact.Class, exact.Sign, 0, 0);
        }

        Parts parts = RoundAt(exact, TFormat.Precision(status), exact.High, exact.Low, status.Rounding);
        int exponent = exact.Exponent + parts.Carry;
        if (exponent < TFormat.MinExponent)
        {
            return RoundTiny<TFormat>(exact, parts, ref status);
        }

        status.RoundedUp = parts.Up;
        if (parts.Inexact)
        {
            status.Raised |= FloatExceptions.Precision;
        }

        return exponent > TFormat.MaxExponent
            ? Overflow<TFormat>(exact.Sign, exponent, parts.Significand, ref status)
            : new Unpacked(FloatClass.Finite, exact.Sign, exponent, parts.Significand);
    }

    private static Unpacked Overflow<TFormat>(bool sign, int exponent, ulong significand, ref FloatStatus status)
        where TFormat : struct, IFloatFormat
    {
        if (status.Raise(FloatExceptions.Overflow))
        {
            // As with underflow, PE then tells of the rounding that had no exponent limit.
            return TFormat.RebiasesUnmasked
                ? new Unpacked(FloatClass.Finite, sign, exponent - Rebias, significand)
                : Unpacked.Infinity(sign);
        }

        status.Raised |= FloatExceptions.Precision;
        status.RoundedUp = status.Rounding switch
        {
            RoundingMode.NearestEven => true,
            RoundingMode.Down => sign,
            RoundingMode.Up => !sign,
            _ => false,
        };
        ulong largest = ulong.MaxValue << (64 - TFormat.Precision(status));
        return status.RoundedUp
            ? Unpacked.Infinity(sign)
            : new Unpacked(FloatClass.Finite, sign, TFormat.MaxExponent, largest);
    }

    private static Unpacked RoundTiny<TFormat>(in Wide exact, in Parts unbounded, ref FloatStatus status)
        where TFormat : struct, IFloatFormat
    {
        if ((status.Masked & FloatExceptions.Underflow) == 0)
        {
            // Unmasked, tininess alone counts, and PE tells of the rounding that had no exponent limit.
            status.Raised |= FloatExceptions.Underflow;
            status.Raised |= unbounded.Inexact ? FloatExceptions.Precision : FloatExceptions.None;
            status.RoundedUp = unbounded.Up;
            int exponent = exact.Exponent + unbounded.Carry + Rebias;
            return TFormat.RebiasesUnmasked
                ? new Unpacked(FloatClass.Finite, exact.Sign, exponent, unbounded.Significand)
                : Unpacked.Zero(exact.Sign);
        }

        if (status.FlushToZero)
        {
            status.Raised |= FloatExceptions.Underflow | FloatExceptions.Precision;
            status.RoundedUp = false;
            return Unpacked.Zero(exact.Sign);
        }

        int shift = TFormat.MinExponent - exact.Exponent;
        UInt128 shifted = Wide.ShiftRightSticky(new UInt128(exact.High, exact.Low), shift);
        ulong high = (ulong)(shifted >> 64);
        Parts parts = RoundAt(exact, TFormat.Precision(status), high, (ulong)shifted, status.Rounding);
        status.RoundedUp = parts.Up;
        if (parts.Inexact)
        {
            status.Raised |= FloatExceptions.Underflow | FloatExceptions.Precision;
        }

        return parts.Significand == 0
            ? Unpacked.Zero(exact.Sign)
            : new Unpacked(FloatClass.Finite, exact.Sign, TFormat.MinExponent, parts.Significand);
    }

    /// <summary>
    /// Whether a discarded <paramref name="tail"/> (a fraction of 2^64 of the last place) rounds away.
    /// </summary>
    public static bool RoundsUp(bool sign, bool isOdd, ulong tail, RoundingMode rounding) => rounding switch
    {
        RoundingMode.NearestEven => tail > Half || (tail == Half && isOdd),
        RoundingMode.Down => sign && tail != 0,
        RoundingMode.Up => !sign && tail != 0,
        _ => false,
    };

    private static Parts RoundAt(in Wide exact, int precision, ulong high, ulong low, RoundingMode rounding)
    {
        ulong tail = low;
        ulong unit = 1;
        if (precision != 64)
        {
            int dropped = 64 - precision;
            unit <<= dropped;
            tail = (high << precision) | (low == 0 ? 0UL : 1UL);
            high &= ~(unit - 1);
        }

        bool up = RoundsUp(exact.Sign, (high & unit) != 0, tail, rounding);
        if (up)
        {
            high += unit;
            if (high == 0)
            {
                return new Parts(Half, 1, true, true);
            }
        }

        return new Parts(high, 0, tail != 0, up);
    }

    /// <summary>A rounded significand; <paramref name="Carry"/> is 1 if it became the next power of two.</summary>
    private readonly record struct Parts(ulong Significand, int Carry, bool Inexact, bool Up);
}
