namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The ten bytes of packed BCD that FBLD and FBSTP know (SDM vol. 1, section 4.7): eighteen digits, two a byte, the
/// sign at bit 15 of the upper word.
/// </summary>
/// <param name="Low">Digits 0 to 15.</param>
/// <param name="High">Digits 16 and 17 and the sign.</param>
internal readonly record struct PackedDecimal(ulong Low, ushort High)
{
    private const ulong Limit = 1_000_000_000_000_000_000;

    /// <summary>What FBSTP stores where no number fits.</summary>
    public static PackedDecimal Indefinite => new(0xC000000000000000, 0xFFFF);

    /// <summary>
    /// The number, exactly. Digits above 9, which the manual leaves undefined, count what their four bits say.
    /// </summary>
    public Unpacked Unpack()
    {
        ulong value = Digits(High & 0xFFUL, 2);
        value = (value * 10_000_000_000_000_000) + Digits(Low, 16);
        return IntegralRounding.FromMagnitude(High >> 15 != 0, value);
    }

    /// <summary>
    /// <paramref name="value"/> rounded to an integer; raises IE and gives <see cref="Indefinite"/> if it has more than
    /// eighteen digits or is none.
    /// </summary>
    public static PackedDecimal FromExtended(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class is FloatClass.Zero or FloatClass.Finite && value.Exponent < 63)
        {
            ulong magnitude = IntegralRounding.Magnitude(value, status.Rounding, out bool inexact, out bool up);
            if (magnitude < Limit)
            {
                status.RoundedUp = up;
                status.Raised |= inexact ? FloatExceptions.Precision : FloatExceptions.None;
                return Pack(value.Sign, magnitude);
            }
        }

        status.Raised |= FloatExceptions.Invalid;
        return Indefinite;
    }

    private static PackedDecimal Pack(bool sign, ulong magnitude)
    {
        ulong low = 0;
        for (int digit = 0; digit < 16; digit++)
        {
            (magnitude, ulong rest) = Math.DivRem(magnitude, 10);
            low |= rest << (4 * digit);
        }

        ulong high = ((magnitude / 10) << 4) | (magnitude % 10);
        return new PackedDecimal(low, (ushort)(high | (sign ? 0x8000UL : 0)));
    }

    private static ulong Digits(ulong packed, int count)
    {
        ulong value = 0;
        for (int digit = count - 1; digit >= 0; digit--)
        {
            value = (value * 10) + ((packed >> (4 * digit)) & 15);
        }

        return value;
    }
}
