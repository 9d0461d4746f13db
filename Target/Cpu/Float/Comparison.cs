namespace KgdbSim.Target.Cpu.Float;

/// <summary>Comparison, for all formats at once.</summary>
internal static class Comparison
{
    /// <summary>
    /// How <paramref name="a"/> relates to <paramref name="b"/>. Raises IE for a signalling NaN or unsupported datum,
    /// with <paramref name="signalsQuiet"/> also for a quiet NaN; DE for a denormal if neither is a NaN.
    /// </summary>
    public static FloatRelation Compare(in Unpacked a, in Unpacked b, bool signalsQuiet, ref FloatStatus status)
    {
        if (a.Class >= FloatClass.QuietNaN || b.Class >= FloatClass.QuietNaN)
        {
            if (signalsQuiet || a.Class > FloatClass.QuietNaN || b.Class > FloatClass.QuietNaN)
            {
                status.Raised |= FloatExceptions.Invalid;
            }

            return FloatRelation.Unordered;
        }

        if (a.IsDenormal | b.IsDenormal)
        {
            status.Raised |= FloatExceptions.Denormal;
        }

        return Order(a, b);
    }

    private static FloatRelation Order(in Unpacked a, in Unpacked b)
    {
        if (a.Class == FloatClass.Zero)
        {
            return b.Class == FloatClass.Zero ? FloatRelation.Equal : SignOnly(!b.Sign);
        }

        if (b.Class == FloatClass.Zero || a.Sign != b.Sign)
        {
            return SignOnly(a.Sign);
        }

        int magnitude = CompareMagnitudes(a, b);
        return magnitude == 0 ? FloatRelation.Equal : SignOnly((magnitude < 0) ^ a.Sign);
    }

    private static FloatRelation SignOnly(bool less) => less ? FloatRelation.Less : FloatRelation.Greater;

    private static int CompareMagnitudes(in Unpacked a, in Unpacked b)
    {
        if (a.Class == FloatClass.Infinity || b.Class == FloatClass.Infinity)
        {
            return a.Class == b.Class ? 0 : a.Class == FloatClass.Infinity ? 1 : -1;
        }

        return a.Exponent != b.Exponent
            ? a.Exponent.CompareTo(b.Exponent)
            : a.Significand.CompareTo(b.Significand);
    }
}
