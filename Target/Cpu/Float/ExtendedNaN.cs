namespace KgdbSim.Target.Cpu.Float;

/// <summary>Which NaN an x87 instruction delivers (SDM vol. 1, table 4-7).</summary>
internal static class ExtendedNaN
{
    /// <summary>The operand is a NaN or unsupported: no arithmetic takes place.</summary>
    public static bool Blocks(in Unpacked value) => value.Class >= FloatClass.QuietNaN;

    /// <summary>The result for one operand that <see cref="Blocks"/>; raises IE unless it is a quiet NaN.</summary>
    public static Unpacked Propagate(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class == FloatClass.QuietNaN)
        {
            return value;
        }

        status.Raised |= FloatExceptions.Invalid;
        return value.Class == FloatClass.Unsupported ? Unpacked.Indefinite : value.Quieted();
    }

    /// <summary>
    /// The result for two operands of which at least one <see cref="Blocks"/>: the quiet one of a quiet and a
    /// signalling NaN, else the one with the larger significand, else the positive one; always made quiet.
    /// </summary>
    public static Unpacked Propagate(in Unpacked a, in Unpacked b, ref FloatStatus status)
    {
        if (a.Class > FloatClass.QuietNaN || b.Class > FloatClass.QuietNaN)
        {
            status.Raised |= FloatExceptions.Invalid;
        }

        if (a.Class == FloatClass.Unsupported || b.Class == FloatClass.Unsupported)
        {
            return Unpacked.Indefinite;
        }

        if (!a.IsNaN || !b.IsNaN)
        {
            return a.IsNaN ? a.Quieted() : b.Quieted();
        }

        if (a.Class != b.Class)
        {
            return a.Class == FloatClass.QuietNaN ? a : b;
        }

        bool takeA = a.Significand != b.Significand ? a.Significand > b.Significand : !a.Sign;
        return takeA ? a.Quieted() : b.Quieted();
    }
}
