namespace KgdbSim.Target.Cpu.Float;

/// <summary>FYL2X and FYL2XP1 (SDM vol. 2, tables 3-38 and 3-39). Off by at most 0.5001 ulp.</summary>
internal static class ExtendedLogarithm
{
    // sqrt(2), the upper end of the significands that are taken as near 1.
    private const ulong RootOf2 = 0xB504F333F9DE6484;

    // 1 - sqrt(1/2), the end of FYL2XP1's range, in units of 2^-65.
    private const ulong RangeEnd = 0x95F619980C4336F7;

    /// <summary>y times the binary logarithm of x.</summary>
    public static Unpacked TimesLog2(in Unpacked y, in Unpacked x, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(y) || ExtendedNaN.Blocks(x))
        {
            return ExtendedNaN.Propagate(x, y, ref status);
        }

        bool isOne = x.Class == FloatClass.Finite && x.Exponent == 0 && x.Significand == Unpacked.LeadingBit;
        bool invalid = (x.Sign && x.Class != FloatClass.Zero)
            || (y.Class == FloatClass.Infinity && isOne)
            || (y.Class == FloatClass.Zero && x.Class is FloatClass.Zero or FloatClass.Infinity);
        if (invalid)
        {
            status.Raised |= FloatExceptions.Invalid;
            return Unpacked.Indefinite;
        }

        bool negative = x.Class == FloatClass.Zero || (x.Class == FloatClass.Finite && x.Exponent < 0);
        if (x.Class == FloatClass.Zero && y.Class == FloatClass.Finite)
        {
            status.Raised |= FloatExceptions.DivideByZero;
            return Unpacked.Infinity(!y.Sign);
        }

        if ((y.IsDenormal | x.IsDenormal) && status.Raise(FloatExceptions.Denormal))
        {
            return Unpacked.Indefinite;
        }

        if (y.Class == FloatClass.Infinity || x.Class is FloatClass.Zero or FloatClass.Infinity)
        {
            return Unpacked.Infinity(y.Sign ^ negative);
        }

        if (x.Significand == Unpacked.LeadingBit || y.Class == FloatClass.Zero)
        {
            // The logarithm of a power of two is an integer; that of 1 is plus zero.
            Unpacked log = IntegralRounding.FromMagnitude(x.Exponent < 0, (ulong)Math.Abs(x.Exponent));
            return y.Class == FloatClass.Zero
                ? Unpacked.Zero(y.Sign ^ negative)
                : Rounder.Round<FullExtendedFormat>(WideArithmetic.Multiply(y, log), ref status);
        }

        return Rounder.Round<FullExtendedFormat>((WideFloat.From(y) * Log2(x)).ToInexact(), ref status);
    }

    /// <summary>
    /// y times the binary logarithm of x + 1. The manual defines it for |x| below 1 - sqrt(1/2); beyond, it is computed
    /// all the same, but at and below -1 the result is x, with PE, as recorded on hardware.
    /// </summary>
    public static Unpacked TimesLog2Plus1(in Unpacked y, in Unpacked x, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(y) || ExtendedNaN.Blocks(x))
        {
            return ExtendedNaN.Propagate(x, y, ref status);
        }

        if ((x.Class == FloatClass.Infinity && x.Sign) || (y.Class == FloatClass.Infinity && x.Class == FloatClass.Zero)
            || (y.Class == FloatClass.Zero && x.Class == FloatClass.Infinity))
        {
            status.Raised |= FloatExceptions.Invalid;
            return Unpacked.Indefinite;
        }

        if ((y.IsDenormal | x.IsDenormal) && status.Raise(FloatExceptions.Denormal))
        {
            return Unpacked.Indefinite;
        }

        bool sign = y.Sign ^ x.Sign;
        if (y.Class == FloatClass.Infinity || x.Class == FloatClass.Infinity)
        {
            return Unpacked.Infinity(sign);
        }

        if (y.Class == FloatClass.Zero || x.Class == FloatClass.Zero)
        {
            return Unpacked.Zero(sign);
        }

        if (x.Sign && x.Exponent >= 0)
        {
            status.Raised |= FloatExceptions.Precision;
            return x;
        }

        return Rounder.Round<FullExtendedFormat>((WideFloat.From(y) * Log2Plus1(x)).ToInexact(), ref status);
    }

    /// <summary>The logarithm of a positive number that is not a power of two.</summary>
    private static WideFloat Log2(in Unpacked x)
    {
        // The significand in [sqrt(1/2), sqrt(2)), so that a number close to 1 keeps its relative precision.
        bool upper = x.Significand >= RootOf2;
        int exponent = x.Exponent + (upper ? 1 : 0);
        UInt128 one = UInt128.One << (upper ? 64 : 63);
        WideFloat numerator = upper
            ? WideFloat.FromInteger(true, one - x.Significand, 0)
            : WideFloat.FromInteger(false, x.Significand - one, 0);
        WideFloat denominator = WideFloat.FromInteger(false, one + x.Significand, 0);
        return WideFloat.FromInteger(exponent < 0, (uint)Math.Abs(exponent), 0) + FromRatio(numerator / denominator);
    }

    private static WideFloat Log2Plus1(in Unpacked x)
    {
        WideFloat value = WideFloat.From(x);
        WideFloat two = WideFloat.FromInteger(false, 2, 0);
        if (x.Exponent < -2 || (x.Exponent == -2 && x.Significand <= RangeEnd))
        {
            return FromRatio(value / (value + two));
        }

        // Outside the range that the manual defines; 1 + x is exact in 128 bits where x is not huge.
        WideFloat sum = value + WideFloat.FromInteger(false, UInt128.One, 0);
        int exponent = sum.Exponent;
        WideFloat one = WideFloat.FromInteger(false, UInt128.One, 0);
        WideFloat significand = sum with { Exponent = 0 };
        WideFloat whole = WideFloat.FromInteger(exponent < 0, (uint)Math.Abs(exponent), 0);
        if ((ulong)(sum.Significand >> 64) >= RootOf2)
        {
            significand = significand with { Exponent = -1 };
            whole += one;
        }

        return whole + FromRatio((significand - one) / (significand + one));
    }

    /// <summary>log2((1 + z) / (1 - z)) = 2 artanh(z) / ln(2).</summary>
    private static WideFloat FromRatio(WideFloat z)
    {
        if (z.IsZero)
        {
            return z;
        }

        UInt128 fraction = z.ToFixed();
        UInt128 square = FixedPoint.Multiply(fraction, fraction);
        WideFloat result = z * FixedPoint.ToWideFloat(FixedPoint.AreaTangentRatio(square)) * ExtendedConstants.Log2OfE;
        return result with { Exponent = result.Exponent + 1 };
    }
}
