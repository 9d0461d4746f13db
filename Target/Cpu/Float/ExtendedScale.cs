namespace KgdbSim.Target.Cpu.Float;

/// <summary>FSCALE and FXTRACT (SDM vol. 2).</summary>
internal static class ExtendedScale
{
    // Enough to take any finite number far out of range, little enough for the exponent arithmetic.
    private const int LargestScale = 0x10000;

    /// <summary>a times two to the power of b, b truncated to an integer.</summary>
    public static Unpacked Scale(in Unpacked a, in Unpacked b, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b))
        {
            return ExtendedNaN.Propagate(a, b, ref status);
        }

        if (b.Class == FloatClass.Infinity && a.Class == (b.Sign ? FloatClass.Infinity : FloatClass.Zero))
        {
            status.Raised |= FloatExceptions.Invalid;
            return Unpacked.Indefinite;
        }

        if ((a.IsDenormal | b.IsDenormal) && status.Raise(FloatExceptions.Denormal))
        {
            return Unpacked.Indefinite;
        }

        if (b.Class == FloatClass.Infinity)
        {
            return b.Sign ? Unpacked.Zero(a.Sign) : Unpacked.Infinity(a.Sign);
        }

        return a.Class == FloatClass.Finite ? ScaleFinite(a, ScaleOf(b), ref status) : a;
    }

    /// <summary>
    /// Takes <paramref name="a"/> apart: <paramref name="exponent"/> unbiased, and the significand in [1, 2) with a's
    /// sign. Zero raises ZE and has the exponent minus infinity.
    /// </summary>
    public static Unpacked Extract(in Unpacked a, out Unpacked exponent, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(a))
        {
            return exponent = ExtendedNaN.Propagate(a, ref status);
        }

        switch (a.Class)
        {
            case FloatClass.Zero:
                status.Raised |= FloatExceptions.DivideByZero;
                exponent = Unpacked.Infinity(true);
                return a;
            case FloatClass.Infinity:
                exponent = Unpacked.Infinity(false);
                return a;
            default:
                if (a.IsDenormal)
                {
                    status.Raised |= FloatExceptions.Denormal;
                }

                exponent = IntegralRounding.FromInteger(a.Exponent);
                return new Unpacked(FloatClass.Finite, a.Sign, 0, a.Significand);
        }
    }

    private static int ScaleOf(in Unpacked b)
    {
        if (b.Class == FloatClass.Zero || b.Exponent < 0)
        {
            return 0;
        }

        int magnitude = b.Exponent > 16 ? LargestScale : (int)(b.Significand >> (63 - b.Exponent));
        return Math.Min(magnitude, LargestScale) * (b.Sign ? -1 : 1);
    }

    private static Unpacked ScaleFinite(in Unpacked a, int scale, ref FloatStatus status)
    {
        Wide exact = new(a.Sign, a.Exponent + scale, a.Significand, 0);
        Unpacked result = Rounder.Round<FullExtendedFormat>(exact, ref status);

        bool tooLarge = result.Exponent > FullExtendedFormat.MaxExponent;
        if (result.Class != FloatClass.Finite || !(tooLarge || result.Exponent < FullExtendedFormat.MinExponent))
        {
            return result;
        }

        // Unmasked, what the moved exponent still cannot hold becomes infinity or zero, inexactly (SDM vol. 1, sections
        // 8.5.4 and 8.5.5).
        status.Raised |= FloatExceptions.Precision;
        status.RoundedUp = tooLarge;
        return tooLarge ? Unpacked.Infinity(a.Sign) : Unpacked.Zero(a.Sign);
    }
}
