namespace KgdbSim.Target.Cpu.Float;

/// <summary>FPREM and FPREM1 (SDM vol. 2).</summary>
internal static class ExtendedRemainder
{
    /// <summary>A remainder, perhaps a partial one.</summary>
    /// <param name="Value">What replaces ST(0).</param>
    /// <param name="Quotient">The quotient's low bits, if <paramref name="IsPartial"/> is false; three of them
    /// count.</param>
    /// <param name="HasQuotient">False for NaNs and invalid operands: the condition codes stay.</param>
    /// <param name="IsPartial">C2: more than 63 binary places lay between the operands, the guest must go on.</param>
    internal readonly record struct Result(Unpacked Value, ulong Quotient, bool HasQuotient, bool IsPartial);

    /// <summary>
    /// The remainder of <paramref name="a"/> by <paramref name="b"/>; the quotient is truncated for FPREM, with
    /// <paramref name="toNearest"/> rounded to nearest-even for FPREM1.
    /// </summary>
    public static Result Remainder(in Unpacked a, in Unpacked b, bool toNearest, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b))
        {
            return new Result(ExtendedNaN.Propagate(a, b, ref status), 0, false, false);
        }

        if (a.Class == FloatClass.Infinity || b.Class == FloatClass.Zero)
        {
            status.Raised |= FloatExceptions.Invalid;
            return new Result(Unpacked.Indefinite, 0, false, false);
        }

        if ((a.IsDenormal | b.IsDenormal) && status.Raise(FloatExceptions.Denormal))
        {
            return new Result(Unpacked.Indefinite, 0, false, false);
        }

        if (a.Class == FloatClass.Zero || b.Class == FloatClass.Infinity)
        {
            return new Result(Rounder.Round<FullExtendedFormat>(Wide.From(a), ref status), 0, true, false);
        }

        int distance = a.Exponent - b.Exponent;
        return distance < 64 ? Complete(a, b, distance, toNearest, ref status) : Partial(a, b, distance, ref status);
    }

    private static Result Complete(in Unpacked a, in Unpacked b, int distance, bool toNearest, ref FloatStatus status)
    {
        if (distance < -1)
        {
            return new Result(Rounder.Round<FullExtendedFormat>(Wide.From(a), ref status), 0, true, false);
        }

        // Twice the unit of b's last place is carried along, so that a may lie one place below b.
        UInt128 divisor = (UInt128)b.Significand << 1;
        UInt128 rest = a.Significand;
        ulong quotient = 0;
        if (distance >= 0)
        {
            rest = Divide(a.Significand, b.Significand, distance, out quotient) << 1;
        }

        bool sign = a.Sign;
        if (toNearest)
        {
            UInt128 twice = rest << 1;
            if (twice > divisor || (twice == divisor && (quotient & 1) != 0))
            {
                rest = divisor - rest;
                quotient++;
                sign = !sign;
            }
        }

        return new Result(Normalised(sign, a.Sign, b.Exponent - 1, rest, ref status), quotient, true, false);
    }

    /// <summary>
    /// Subtracts a multiple of b that takes between 32 and 63 places off, as many as the number that the manual leaves
    /// to the implementation: here 32 plus the distance modulo 32.
    /// </summary>
    private static Result Partial(in Unpacked a, in Unpacked b, int distance, ref FloatStatus status)
    {
        int places = 32 + (distance & 31);
        UInt128 rest = Divide(a.Significand, b.Significand, places, out _);
        int exponent = b.Exponent + distance - places;
        return new Result(Normalised(a.Sign, a.Sign, exponent, rest, ref status), 0, true, true);
    }

    private static Unpacked Normalised(bool sign, bool zeroSign, int exponent, UInt128 rest, ref FloatStatus status)
    {
        // Bit 63 of the rest stands for 2^exponent, so bit 127 for 2^(exponent + 64).
        return rest == UInt128.Zero
            ? Unpacked.Zero(zeroSign)
            : Rounder.Round<FullExtendedFormat>(Wide.Normalise(sign, exponent + 64, rest), ref status);
    }

    /// <summary>The rest of a * 2^places by b, bit by bit; both have their leading bit at 63.</summary>
    private static UInt128 Divide(ulong a, ulong b, int places, out ulong quotient)
    {
        UInt128 rest = a;
        quotient = 0;
        for (int i = 0; ; i++)
        {
            quotient <<= 1;
            if (rest >= b)
            {
                rest -= b;
                quotient |= 1;
            }

            if (i == places)
            {
                return rest;
            }

            rest <<= 1;
        }
    }
}
