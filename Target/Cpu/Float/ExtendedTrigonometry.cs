namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// FSIN, FCOS and FPTAN. The argument is reduced, exactly, by the 66-bit value of pi that SDM vol. 1, section 8.3.8,
/// states; of the reduced argument the result is off by at most 0.5001 units in the last place, so it is rounded right
/// but for a chance in 2^50. Against the true function the reduction's error counts, as on hardware (section 8.3.10).
/// </summary>
internal static class ExtendedTrigonometry
{
    // Half of the 66-bit pi, in units of 2^-65.
    private const int HalfPiUnit = -65;

    private static UInt128 HalfPi => new(3, 0x243F6A8885A308D3);

    /// <summary>
    /// Infinities and NaNs apart: the operand is below 2^63; above, the instruction sets C2 and does nothing.
    /// </summary>
    public static bool IsInRange(in Unpacked value) => value.Class != FloatClass.Finite || value.Exponent < 63;

    /// <summary>The sine.</summary>
    public static Unpacked Sine(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class != FloatClass.Finite)
        {
            return Special(value, value, ref status);
        }

        (WideFloat reduced, int quadrant) = Reduce(value);
        WideFloat sine = InQuadrant(reduced, quadrant);
        return Finish(value.Sign ? sine.Negated() : sine, value, ref status);
    }

    /// <summary>The cosine.</summary>
    public static Unpacked Cosine(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class != FloatClass.Finite)
        {
            return Special(value, new Unpacked(FloatClass.Finite, false, 0, Unpacked.LeadingBit), ref status);
        }

        (WideFloat reduced, int quadrant) = Reduce(value);
        return Finish(InQuadrant(reduced, quadrant + 1), value, ref status);
    }

    /// <summary>The tangent.</summary>
    public static Unpacked Tangent(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class != FloatClass.Finite)
        {
            return Special(value, value, ref status);
        }

        (WideFloat reduced, int quadrant) = Reduce(value);
        WideFloat tangent = TangentInQuadrant(reduced, quadrant);
        return Finish(value.Sign ? tangent.Negated() : tangent, value, ref status);
    }

    private static Unpacked Special(in Unpacked value, in Unpacked atZero, ref FloatStatus status)
    {
        if (value.Class == FloatClass.Infinity)
        {
            status.Raised |= FloatExceptions.Invalid;
            return Unpacked.Indefinite;
        }

        return value.Class == FloatClass.Zero ? atZero : ExtendedNaN.Propagate(value, ref status);
    }

    private static Unpacked Finish(WideFloat result, in Unpacked operand, ref FloatStatus status) =>
        operand.IsDenormal && status.Raise(FloatExceptions.Denormal)
            ? Unpacked.Indefinite
            : Rounder.Round<FullExtendedFormat>(result.ToInexact(), ref status);

    /// <summary>The sine of <paramref name="reduced"/> plus as many quarter turns.</summary>
    private static WideFloat InQuadrant(WideFloat reduced, int quadrant)
    {
        UInt128 fraction = reduced.ToFixed();
        UInt128 square = FixedPoint.Multiply(fraction, fraction);
        WideFloat result = (quadrant & 1) == 0
            ? reduced * FixedPoint.ToWideFloat(FixedPoint.SineRatio(square))
            : FixedPoint.ToWideFloat(FixedPoint.Cosine(square));
        return (quadrant & 2) == 0 ? result : result.Negated();
    }

    private static WideFloat TangentInQuadrant(WideFloat reduced, int quadrant)
    {
        UInt128 fraction = reduced.ToFixed();
        UInt128 square = FixedPoint.Multiply(fraction, fraction);
        WideFloat sine = FixedPoint.ToWideFloat(FixedPoint.SineRatio(square));
        WideFloat cosine = FixedPoint.ToWideFloat(FixedPoint.Cosine(square));
        if ((quadrant & 1) == 0)
        {
            return reduced * (sine / cosine);
        }

        // The ratio is below 1; were it rounded to 1, a result would be rounded the wrong way in the directed modes.
        WideFloat ratio = cosine / sine;
        ratio = ratio.Exponent < 0 ? ratio : new WideFloat(false, -1, UInt128.MaxValue);
        return (ratio / reduced).Negated();
    }

    /// <summary>
    /// Splits the magnitude of <paramref name="value"/> into quarter turns and a rest of at most an eighth of a turn
    /// either way.
    /// </summary>
    private static (WideFloat Reduced, int Quadrant) Reduce(in Unpacked value)
    {
        int shift = value.Exponent - 63 - HalfPiUnit;
        if (shift < 0)
        {
            // Below 1/4.
            return (WideFloat.From(value.WithSign(false)), 0);
        }

        (UInt128 turns, UInt128 rest) = UInt128.DivRem((UInt128)value.Significand << shift, HalfPi);
        int quadrant = (int)(uint)turns & 3;
        bool over = rest > HalfPi >> 1;
        return over
            ? (WideFloat.FromInteger(true, HalfPi - rest, HalfPiUnit), quadrant + 1)
            : (WideFloat.FromInteger(false, rest, HalfPiUnit), quadrant);
    }
}
