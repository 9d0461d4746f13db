namespace KgdbSim.Target.Cpu.Float;

/// <summary>F2XM1 (SDM vol. 2, table 3-22). Off by at most 0.5001 ulp.</summary>
internal static class ExtendedExponential
{
    /// <summary>
    /// Two to the power of x, minus 1. The manual defines it for |x| up to 1; beyond, x stays, with PE, as recorded
    /// on hardware, and the infinities have their limits.
    /// </summary>
    public static Unpacked PowerOf2Minus1(in Unpacked x, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(x))
        {
            return ExtendedNaN.Propagate(x, ref status);
        }

        if (x.IsDenormal && status.Raise(FloatExceptions.Denormal))
        {
            return Unpacked.Indefinite;
        }

        bool minusOne = x.Sign && x.Exponent == 0 && x.Significand == Unpacked.LeadingBit;
        if (x.Class == FloatClass.Infinity)
        {
            return x.Sign ? new Unpacked(FloatClass.Finite, true, 0, Unpacked.LeadingBit) : x;
        }

        if (minusOne)
        {
            return new Unpacked(FloatClass.Finite, true, -1, Unpacked.LeadingBit);
        }

        if (x.Class == FloatClass.Zero)
        {
            return x;
        }

        if (x.Exponent >= 0)
        {
            bool isOne = !x.Sign && x.Exponent == 0 && x.Significand == Unpacked.LeadingBit;
            status.Raised |= isOne ? FloatExceptions.None : FloatExceptions.Precision;
            return x;
        }

        WideFloat power = WideFloat.From(x) * ExtendedConstants.LnOf2;
        UInt128 ratio = FixedPoint.ExponentialRatio(power.ToFixed(), x.Sign);
        return Rounder.Round<FullExtendedFormat>((power * FixedPoint.ToWideFloat(ratio)).ToInexact(), ref status);
    }
}
