using System.Numerics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Tests.Float;

/// <summary>Bits to exact values and back, by the definition of the formats.</summary>
internal static class ReferenceCodec
{
    /// <summary>The value of finite bits.</summary>
    public static BigRational Value(ulong bits, int fractionBits, int exponentBits)
    {
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = (int)(bits >> fractionBits) & ((1 << exponentBits) - 1);
        BigInteger fraction = bits & ((1UL << fractionBits) - 1);
        BigInteger significand = exponent == 0 ? fraction : fraction + (BigInteger.One << fractionBits);
        bool negative = (bits >> (fractionBits + exponentBits) & 1) != 0;
        int power = Math.Max(exponent, 1) - bias - fractionBits;
        return new BigRational(negative ? -significand : significand, 1) * BigRational.PowerOfTwo(power);
    }

    /// <summary>The value of a finite extended datum.</summary>
    public static BigRational Value(Float80 datum)
    {
        BigInteger significand = datum.Significand;
        int power = Math.Max(datum.BiasedExponent, 1) - 16383 - 63;
        return new BigRational(datum.Sign ? -significand : significand, 1) * BigRational.PowerOfTwo(power);
    }

    /// <summary>The bits of a reference result; <paramref name="negative"/> gives a zero its sign.</summary>
    public static ulong Bits(ExactReference.Result result, bool negative, int fractionBits, int exponentBits)
    {
        ulong sign = negative ? 1UL << (fractionBits + exponentBits) : 0;
        ulong top = (1UL << exponentBits) - 1;
        if (result.IsInfinite)
        {
            return sign | (top << fractionBits);
        }

        if (result.Value.Sign == 0)
        {
            return sign;
        }

        int bias = (int)(top >> 1);
        int exponent = Math.Max(result.Value.FloorLog2(), 1 - bias);
        BigRational scaled = BigRational.Abs(result.Value) * BigRational.PowerOfTwo(fractionBits - exponent);
        ulong significand = (ulong)scaled.Floor();

        // A normal significand's leading bit adds the missing 1 to the exponent field.
        return sign | (significand + ((ulong)(exponent + bias - 1) << fractionBits));
    }

    /// <summary>The extended datum of a reference result.</summary>
    public static Float80 Extended(ExactReference.Result result, bool negative)
    {
        int sign = negative ? 0x8000 : 0;
        if (result.IsInfinite)
        {
            return new Float80(1UL << 63, (ushort)(sign | 0x7FFF));
        }

        if (result.Value.Sign == 0)
        {
            return new Float80(0, (ushort)sign);
        }

        int exponent = Math.Max(result.Value.FloorLog2(), -16382);
        BigRational scaled = BigRational.Abs(result.Value) * BigRational.PowerOfTwo(63 - exponent);
        ulong significand = (ulong)scaled.Floor();
        return new Float80(significand, (ushort)(sign | (significand >> 63 == 0 ? 0 : exponent + 16383)));
    }
}
