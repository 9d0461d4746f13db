namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// A number with a 128-bit significand and no limits to its exponent, for the transcendental functions: each operation
/// truncates, with a relative error below 2^-126.
/// </summary>
/// <param name="Sign">True for minus.</param>
/// <param name="Exponent">The power of two of the leading bit.</param>
/// <param name="Significand">Bit 127 set, or 0 for zero.</param>
internal readonly record struct WideFloat(bool Sign, int Exponent, UInt128 Significand)
{
    private static UInt128 TopBit => UInt128.One << 127;

    /// <summary>Zero.</summary>
    public bool IsZero => Significand == UInt128.Zero;

    /// <summary>A finite operand, exactly.</summary>
    public static WideFloat From(in Unpacked value) =>
        new(value.Sign, value.Exponent, (UInt128)value.Significand << 64);

    /// <summary>
    /// An integer times a power of two, exactly: bit 0 of <paramref name="magnitude"/> stands for 2^unit.
    /// </summary>
    public static WideFloat FromInteger(bool sign, UInt128 magnitude, int unit)
    {
        if (magnitude == UInt128.Zero)
        {
            return new WideFloat(sign, 0, UInt128.Zero);
        }

        int shift = (int)UInt128.LeadingZeroCount(magnitude);
        return new WideFloat(sign, unit + 127 - shift, magnitude << shift);
    }

    /// <summary>The product, truncated.</summary>
    public static WideFloat operator *(WideFloat a, WideFloat b)
    {
        UInt128 high = FixedPoint.MultiplyHigh(a.Significand, b.Significand);
        int exponent = a.Exponent + b.Exponent + 1;
        if (high < TopBit)
        {
            high <<= 1;
            exponent--;
        }

        return new WideFloat(a.Sign ^ b.Sign, exponent, high);
    }

    /// <summary>The quotient, truncated; the divisor is not zero.</summary>
    public static WideFloat operator /(WideFloat a, WideFloat b)
    {
        if (a.IsZero)
        {
            return new WideFloat(a.Sign ^ b.Sign, 0, UInt128.Zero);
        }

        int exponent = a.Exponent - b.Exponent;
        UInt128 rest = a.Significand;
        bool carry = false;
        if (rest < b.Significand)
        {
            exponent--;
            carry = true;
            rest <<= 1;
        }

        UInt128 quotient = UInt128.Zero;
        for (int bit = 0; bit < 128; bit++)
        {
            quotient <<= 1;
            if (carry || rest >= b.Significand)
            {
                rest -= b.Significand;
                quotient |= UInt128.One;
            }

            carry = rest >= TopBit;
            rest <<= 1;
        }

        return new WideFloat(a.Sign ^ b.Sign, exponent, quotient);
    }

    /// <summary>The sum, truncated.</summary>
    public static WideFloat operator +(WideFloat a, WideFloat b)
    {
        if (a.IsZero || b.IsZero)
        {
            return a.IsZero ? b : a;
        }

        // One place down, so that the sum cannot overflow.
        int exponent = Math.Max(a.Exponent, b.Exponent) + 1;
        UInt128 left = ShiftRight(a.Significand, exponent - a.Exponent);
        UInt128 right = ShiftRight(b.Significand, exponent - b.Exponent);
        if (a.Sign == b.Sign)
        {
            return FromInteger(a.Sign, left + right, exponent - 127);
        }

        return left >= right
            ? FromInteger(a.Sign, left - right, exponent - 127)
            : FromInteger(b.Sign, right - left, exponent - 127);
    }

    /// <summary>The difference, truncated.</summary>
    public static WideFloat operator -(WideFloat a, WideFloat b) => a + b.Negated();

    /// <summary>The same magnitude with the other sign.</summary>
    public WideFloat Negated() => this with { Sign = !Sign };

    /// <summary>The magnitude as <see cref="FixedPoint"/> has it; it is below 2.</summary>
    public UInt128 ToFixed() => ShiftRight(Significand, -Exponent);

    /// <summary>For rounding, known to be inexact.</summary>
    public Wide ToInexact() => new(Sign, Exponent, (ulong)(Significand >> 64), (ulong)Significand | 1);

    private static UInt128 ShiftRight(UInt128 value, int count) => count >= 128 ? UInt128.Zero : value >> count;
}
