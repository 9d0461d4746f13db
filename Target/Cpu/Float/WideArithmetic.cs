namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The arithmetic itself, for all formats at once: operands without NaNs in, unrounded result out. The invalid cases
/// are those of SDM vol. 1, table 8-10 and section 11.5.2.1.
/// </summary>
internal static class WideArithmetic
{
    /// <summary>
    /// <paramref name="a"/> plus <paramref name="b"/>, the latter with the sign <paramref name="bSign"/> instead of its
    /// own; the rounding mode decides the sign of an exact zero.
    /// </summary>
    public static Wide Add(in Unpacked a, in Unpacked b, bool bSign, RoundingMode rounding)
    {
        if (a.Class == FloatClass.Finite && b.Class == FloatClass.Finite)
        {
            UInt128 left = (UInt128)a.Significand << 63;
            UInt128 right = (UInt128)b.Significand << 63;
            return AddAligned(a.Sign, a.Exponent + 1, left, bSign, b.Exponent + 1, right, rounding);
        }

        if (a.Class == FloatClass.Infinity)
        {
            return b.Class == FloatClass.Infinity && a.Sign != bSign ? Wide.Invalid : Wide.Infinity(a.Sign);
        }

        if (b.Class == FloatClass.Infinity || (a.Class == FloatClass.Zero && b.Class != FloatClass.Zero))
        {
            return Wide.From(b, bSign);
        }

        if (b.Class == FloatClass.Zero && a.Class != FloatClass.Zero)
        {
            return Wide.From(a);
        }

        return Wide.Zero(a.Sign == bSign ? a.Sign : rounding == RoundingMode.Down);
    }

    /// <summary><paramref name="a"/> times <paramref name="b"/>.</summary>
    public static Wide Multiply(in Unpacked a, in Unpacked b)
    {
        bool sign = a.Sign ^ b.Sign;
        if (a.Class == FloatClass.Finite && b.Class == FloatClass.Finite)
        {
            return Wide.Normalise(sign, a.Exponent + b.Exponent + 1, Product(a, b));
        }

        if (a.Class == FloatClass.Infinity || b.Class == FloatClass.Infinity)
        {
            bool hasZero = a.Class == FloatClass.Zero || b.Class == FloatClass.Zero;
            return hasZero ? Wide.Invalid : Wide.Infinity(sign);
        }

        return Wide.Zero(sign);
    }

    /// <summary><paramref name="a"/> divided by <paramref name="b"/>.</summary>
    public static Wide Divide(in Unpacked a, in Unpacked b)
    {
        bool sign = a.Sign ^ b.Sign;
        if (a.Class == FloatClass.Finite && b.Class == FloatClass.Finite)
        {
            return DivideFinite(a, b, sign);
        }

        return (a.Class, b.Class) switch
        {
            (FloatClass.Infinity, FloatClass.Infinity) or (FloatClass.Zero, FloatClass.Zero) => Wide.Invalid,
            (FloatClass.Infinity, _) => Wide.Infinity(sign),
            (FloatClass.Finite, FloatClass.Zero) => Wide.DividedByZero(sign),
            _ => Wide.Zero(sign),
        };
    }

    /// <summary>
    /// <paramref name="a"/> times <paramref name="b"/> plus <paramref name="c"/>, for formats of at most 53 significand
    /// bits: a product of 106 bits leaves room in 128 for the sum to be exact or safely sticky.
    /// </summary>
    public static Wide MultiplyAdd(in Unpacked a, in Unpacked b, in Unpacked c, RoundingMode rounding)
    {
        bool sign = a.Sign ^ b.Sign;
        bool productIsFinite = a.Class == FloatClass.Finite && b.Class == FloatClass.Finite;
        if (productIsFinite && c.Class == FloatClass.Finite)
        {
            // Bit 126 or 127 leads the product: one place down, so that the sum cannot overflow.
            UInt128 product = Product(a, b) >> 1;
            UInt128 addend = (UInt128)c.Significand << 63;
            return AddAligned(sign, a.Exponent + b.Exponent + 2, product, c.Sign, c.Exponent + 1, addend, rounding);
        }

        Wide exact = Multiply(a, b);
        if (exact.Class == FloatClass.Zero && c.Class == FloatClass.Zero)
        {
            return Wide.Zero(sign == c.Sign ? sign : rounding == RoundingMode.Down);
        }

        if (exact.Class == FloatClass.QuietNaN || c.Class == FloatClass.Zero)
        {
            return exact;
        }

        if (exact.Class == FloatClass.Infinity)
        {
            return c.Class == FloatClass.Infinity && c.Sign != sign ? Wide.Invalid : exact;
        }

        return Wide.From(c);
    }

    private static UInt128 Product(in Unpacked a, in Unpacked b)
    {
        ulong high = Math.BigMul(a.Significand, b.Significand, out ulong low);
        return new UInt128(high, low);
    }

    /// <summary>Adds two significands below 2^127 whose bit 127 stands for 2^exponent.</summary>
    private static Wide AddAligned(
        bool aSign, int aExponent, UInt128 a, bool bSign, int bExponent, UInt128 b, RoundingMode rounding)
    {
        int exponent = Math.Max(aExponent, bExponent);
        a = Wide.ShiftRightSticky(a, exponent - aExponent);
        b = Wide.ShiftRightSticky(b, exponent - bExponent);
        if (aSign == bSign)
        {
            return Wide.Normalise(aSign, exponent, a + b);
        }

        if (a == b)
        {
            return Wide.Zero(rounding == RoundingMode.Down);
        }

        return a > b ? Wide.Normalise(aSign, exponent, a - b) : Wide.Normalise(bSign, exponent, b - a);
    }

    private static Wide DivideFinite(in Unpacked a, in Unpacked b, bool sign)
    {
        int exponent = a.Exponent - b.Exponent;
        UInt128 dividend = (UInt128)a.Significand << 63;
        if (a.Significand < b.Significand)
        {
            dividend <<= 1;
            exponent--;
        }

        (UInt128 high, UInt128 rest) = UInt128.DivRem(dividend, b.Significand);
        (UInt128 low, rest) = UInt128.DivRem(rest << 64, b.Significand);
        return new Wide(sign, exponent, (ulong)high, (ulong)low | (rest == UInt128.Zero ? 0UL : 1UL));
    }
}
