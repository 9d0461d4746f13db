namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// FPATAN: the angle of a point, in all four quadrants (SDM vol. 2, table 3-30). Off by at most 0.5001 ulp.
/// </summary>
internal static class ExtendedArctangent
{
    /// <summary>The angle whose tangent is y/x, with y's sign, beyond a right angle if x is negative.</summary>
    public static Unpacked Arctangent(in Unpacked y, in Unpacked x, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(y) || ExtendedNaN.Blocks(x))
        {
            return ExtendedNaN.Propagate(x, y, ref status);
        }

        if ((y.IsDenormal | x.IsDenormal) && status.Raise(FloatExceptions.Denormal))
        {
            return Unpacked.Indefinite;
        }

        WideFloat angle = FirstQuadrant(y, x);
        if (x.Sign)
        {
            angle = ExtendedConstants.Pi - angle;
        }

        return angle.IsZero
            ? Unpacked.Zero(y.Sign)
            : Rounder.Round<FullExtendedFormat>((angle with { Sign = y.Sign }).ToInexact(), ref status);
    }

    /// <summary>The angle of (|x|, |y|).</summary>
    private static WideFloat FirstQuadrant(in Unpacked y, in Unpacked x)
    {
        if (y.Class == FloatClass.Infinity)
        {
            return x.Class == FloatClass.Infinity ? ExtendedConstants.Arctangent(8) : ExtendedConstants.HalfPi;
        }

        if (y.Class == FloatClass.Zero || x.Class == FloatClass.Infinity)
        {
            return default;
        }

        if (x.Class == FloatClass.Zero)
        {
            return ExtendedConstants.HalfPi;
        }

        bool steep = y.Exponent != x.Exponent ? y.Exponent > x.Exponent : y.Significand > x.Significand;
        return steep ? ExtendedConstants.HalfPi - OfRatio(x, y) : OfRatio(y, x);
    }

    /// <summary>
    /// The arctangent of |a|/|b|, which is at most 1: that of the nearest eighth, plus that of a remainder of at most
    /// 1/16, arctan(q) = arctan(c) + arctan((q - c) / (1 + q c)).
    /// </summary>
    private static WideFloat OfRatio(in Unpacked a, in Unpacked b)
    {
        int distance = b.Exponent - a.Exponent;
        if (distance > 4)
        {
            return Small(WideFloat.From(a.WithSign(false)) / WideFloat.From(b.WithSign(false)));
        }

        // Both in units of a's last place: integers below 2^69.
        UInt128 numerator = a.Significand;
        UInt128 denominator = (UInt128)b.Significand << distance;
        int eighths = (int)(uint)(((numerator << 4) + denominator) / (denominator << 1));
        UInt128 left = numerator << 3;
        UInt128 right = denominator * (uint)eighths;
        bool negative = left < right;
        WideFloat difference = WideFloat.FromInteger(negative, negative ? right - left : left - right, 0);
        WideFloat sum = WideFloat.FromInteger(false, (denominator << 3) + (numerator * (uint)eighths), 0);
        return ExtendedConstants.Arctangent(eighths) + Small(difference / sum);
    }

    private static WideFloat Small(WideFloat tangent)
    {
        if (tangent.IsZero)
        {
            return tangent;
        }

        UInt128 fraction = tangent.ToFixed();
        UInt128 square = FixedPoint.Multiply(fraction, fraction);
        return tangent * FixedPoint.ToWideFloat(FixedPoint.ArctangentRatio(square));
    }
}
