using System.Numerics;

namespace KgdbSim.Target.Cpu.Float;

/// <summary>Takes the bits of <typeparamref name="TFormat"/> apart and puts them together; raises nothing.</summary>
internal static class BinaryCodec<TFormat>
    where TFormat : struct, IBinaryFormat
{
    private static int Bias => TFormat.MaxExponent;

    private static ulong TopExponent => (1UL << TFormat.ExponentBits) - 1;

    // The hidden bit belongs at bit 63.
    private static int Lift => 63 - TFormat.FractionBits;

    /// <summary>The datum in common form; with <paramref name="denormalsAreZero"/> a denormal is a zero.</summary>
    public static Unpacked Unpack(ulong bits, bool denormalsAreZero)
    {
        bool sign = ((bits >> (TFormat.FractionBits + TFormat.ExponentBits)) & 1) != 0;
        ulong biased = (bits >> TFormat.FractionBits) & TopExponent;
        ulong fraction = (bits & ((1UL << TFormat.FractionBits) - 1)) << Lift;
        if (biased - 1 < TopExponent - 1)
        {
            return new Unpacked(FloatClass.Finite, sign, (int)biased - Bias, Unpacked.LeadingBit | fraction);
        }

        if (biased == 0)
        {
            if (fraction == 0 || denormalsAreZero)
            {
                return Unpacked.Zero(sign);
            }

            int shift = BitOperations.LeadingZeroCount(fraction);
            int exponent = TFormat.MinExponent - shift;
            return new Unpacked(FloatClass.Finite, sign, exponent, fraction << shift, isDenormal: true);
        }

        if (fraction == 0)
        {
            return Unpacked.Infinity(sign);
        }

        FloatClass kind = (fraction & Unpacked.QuietBit) != 0 ? FloatClass.QuietNaN : FloatClass.SignalingNaN;
        return new Unpacked(kind, sign, 0, Unpacked.LeadingBit | fraction);
    }

    /// <summary>
    /// The bits of <paramref name="value"/>, which fits: what <see cref="Rounder"/> made for this format, or a NaN,
    /// whose payload loses its low bits.
    /// </summary>
    public static ulong Pack(in Unpacked value)
    {
        ulong sign = (value.Sign ? 1UL : 0UL) << (TFormat.FractionBits + TFormat.ExponentBits);
        ulong fraction = (value.Significand & ~Unpacked.LeadingBit) >> Lift;
        return value.Class switch
        {
            FloatClass.Zero => sign,
            FloatClass.Infinity => sign | (TopExponent << TFormat.FractionBits),
            FloatClass.Finite => sign | fraction | (BiasedExponent(value) << TFormat.FractionBits),
            _ => sign | fraction | (TopExponent << TFormat.FractionBits),
        };
    }

    private static ulong BiasedExponent(in Unpacked value) =>
        (long)value.Significand < 0 ? (ulong)(value.Exponent + Bias) : 0;
}
