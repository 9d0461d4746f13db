using System.Numerics;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The bits of a double extended precision datum (SDM vol. 1, section 4.2.2): an explicit integer bit at bit 63 of the
/// significand, a 15-bit exponent biased by 16383, a sign.
/// </summary>
/// <param name="Significand">Integer bit and fraction.</param>
/// <param name="SignExponent">The sign at bit 15, the biased exponent below.</param>
internal readonly record struct Float80(ulong Significand, ushort SignExponent)
{
    private const int Bias = 16383;
    private const int ExponentMask = 0x7FFF;

    /// <summary>Plus zero.</summary>
    public static Float80 Zero => default;

    /// <summary>The real indefinite.</summary>
    public static Float80 Indefinite => new(0xC000000000000000, 0xFFFF);

    /// <summary>The sign bit.</summary>
    public bool Sign => SignExponent >> 15 != 0;

    /// <summary>The biased exponent, 0..32767.</summary>
    public int BiasedExponent => SignExponent & ExponentMask;

    /// <summary>The datum in common form; raises nothing.</summary>
    public Unpacked Unpack()
    {
        int biased = BiasedExponent;
        if (biased == ExponentMask)
        {
            return UnpackTop();
        }

        if (biased == 0)
        {
            // Pseudo-denormals (integer bit set) have the value their significand says, with the least exponent.
            int shift = BitOperations.LeadingZeroCount(Significand);
            return Significand == 0
                ? Unpacked.Zero(Sign)
                : new Unpacked(FloatClass.Finite, Sign, 1 - Bias - shift, Significand << shift, isDenormal: true);
        }

        FloatClass kind = (Significand & Unpacked.LeadingBit) != 0 ? FloatClass.Finite : FloatClass.Unsupported;
        return new Unpacked(kind, Sign, biased - Bias, Significand);
    }

    /// <summary>
    /// The bits of <paramref name="value"/>: an operand that fits exactly, or what <see cref="Rounder"/> made for this
    /// format.
    /// </summary>
    public static Float80 Pack(in Unpacked value)
    {
        int sign = value.Sign ? 0x8000 : 0;
        return value.Class switch
        {
            FloatClass.Zero => new Float80(0, (ushort)sign),
            FloatClass.Infinity => new Float80(Unpacked.LeadingBit, (ushort)(sign | ExponentMask)),
            FloatClass.Finite => PackFinite(value, sign),
            _ => new Float80(value.Significand, (ushort)(sign | ExponentMask)),
        };
    }

    private static Float80 PackFinite(in Unpacked value, int sign)
    {
        int biased = value.Exponent + Bias;
        if (biased <= 0)
        {
            return new Float80(value.Significand >> (1 - biased), (ushort)sign);
        }

        // A rounded denormal has the least exponent but no leading bit.
        return new Float80(value.Significand, (ushort)(sign | ((long)value.Significand < 0 ? biased : 0)));
    }

    private Unpacked UnpackTop()
    {
        if ((Significand & Unpacked.LeadingBit) == 0)
        {
            return new Unpacked(FloatClass.Unsupported, Sign, 0, Significand);
        }

        if (Significand == Unpacked.LeadingBit)
        {
            return Unpacked.Infinity(Sign);
        }

        bool quiet = (Significand & Unpacked.QuietBit) != 0;
        return new Unpacked(quiet ? FloatClass.QuietNaN : FloatClass.SignalingNaN, Sign, 0, Significand);
    }
}
