using System.Numerics;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// A result before rounding, precise enough to be rounded right in every format and mode: a finite one is
/// (-1)^Sign * (High + Low / 2^64) * 2^(Exponent - 63) with bit 63 of High set, and bit 0 of Low set if anything below
/// was lost.
/// </summary>
internal readonly struct Wide
{
    private Wide(FloatClass kind, bool sign, FloatExceptions exceptions)
    {
        Class = kind;
        Sign = sign;
        Exceptions = exceptions;
    }

    /// <summary>A finite result that is normalised already.</summary>
    public Wide(bool sign, int exponent, ulong high, ulong low)
    {
        Class = FloatClass.Finite;
        Sign = sign;
        Exponent = exponent;
        High = high;
        Low = low;
    }

    /// <summary>Zero, finite, infinite; or a quiet NaN for an invalid operation.</summary>
    public readonly FloatClass Class;

    /// <summary>True for minus.</summary>
    public readonly bool Sign;

    /// <summary>IE or ZE, if the operation itself raised it.</summary>
    public readonly FloatExceptions Exceptions;

    /// <summary>The power of two of the leading bit.</summary>
    public readonly int Exponent;

    /// <summary>The upper significand bits.</summary>
    public readonly ulong High;

    /// <summary>The lower significand bits, the lowest one sticky.</summary>
    public readonly ulong Low;

    /// <summary>The operation has no answer.</summary>
    public static Wide Invalid => new(FloatClass.QuietNaN, true, FloatExceptions.Invalid);

    /// <summary>An exact zero.</summary>
    public static Wide Zero(bool sign) => new(FloatClass.Zero, sign, FloatExceptions.None);

    /// <summary>An infinity from infinite operands, exact.</summary>
    public static Wide Infinity(bool sign) => new(FloatClass.Infinity, sign, FloatExceptions.None);

    /// <summary>An exact infinity from finite operands.</summary>
    public static Wide DividedByZero(bool sign) => new(FloatClass.Infinity, sign, FloatExceptions.DivideByZero);

    /// <summary>A finite, zero or infinite operand as a result.</summary>
    public static Wide From(in Unpacked value) => From(value, value.Sign);

    /// <summary>A finite, zero or infinite operand as a result, with another sign.</summary>
    public static Wide From(in Unpacked value, bool sign) => value.Class switch
    {
        FloatClass.Zero => Zero(sign),
        FloatClass.Infinity => Infinity(sign),
        _ => new Wide(sign, value.Exponent, value.Significand, 0),
    };

    /// <summary>
    /// Shifts the leading bit of <paramref name="significand"/>, which is not 0, to the top.
    /// </summary>
    /// <param name="sign">True for minus.</param>
    /// <param name="exponent">The power of two of bit 127.</param>
    /// <param name="significand">128 bits, the lowest one sticky.</param>
    public static Wide Normalise(bool sign, int exponent, UInt128 significand)
    {
        ulong high = (ulong)(significand >> 64);
        ulong low = (ulong)significand;
        if (high == 0)
        {
            high = low;
            low = 0;
            exponent -= 64;
        }

        int shift = BitOperations.LeadingZeroCount(high);
        if (shift != 0)
        {
            high = (high << shift) | (low >> (64 - shift));
            low <<= shift;
        }

        return new Wide(sign, exponent - shift, high, low);
    }

    /// <summary>Shifts right by <paramref name="count"/> &gt;= 0; bits lost leave a 1 in the lowest place.</summary>
    public static UInt128 ShiftRightSticky(UInt128 value, int count)
    {
        if (count == 0)
        {
            return value;
        }

        if (count >= 128)
        {
            return value == UInt128.Zero ? UInt128.Zero : UInt128.One;
        }

        UInt128 shifted = value >> count;
        return (value << (128 - count)) != UInt128.Zero ? shifted | UInt128.One : shifted;
    }
}
