using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Float;

/// <summary>Operands where implementations go wrong: the borders of each class, and random bits around them.</summary>
internal static class Operands
{
    /// <summary>Zeros, denormals, powers of two, borders, infinities and NaNs of a format, in both signs.</summary>
    public static List<ulong> Special(int fractionBits, int exponentBits)
    {
        ulong top = (1UL << exponentBits) - 1;
        ulong bias = top >> 1;
        ulong ones = (1UL << fractionBits) - 1;
        ulong[] exponents = [0, 1, 2, bias - 1, bias, bias + 1, bias + (ulong)fractionBits, top - 1, top];
        ulong[] fractions = [0, 1, ones, ones - 1, 1UL << (fractionBits - 1), ones >> 1];
        List<ulong> all = [];
        foreach (ulong exponent in exponents)
        {
            foreach (ulong fraction in fractions)
            {
                ulong magnitude = (exponent << fractionBits) | fraction;
                all.Add(magnitude);
                all.Add(magnitude | (1UL << (fractionBits + exponentBits)));
            }
        }

        return all;
    }

    /// <summary>
    /// Random bits; half of the time with few significant bits, so that exact results and ties happen.
    /// </summary>
    public static ulong Random(ref Prng prng, int fractionBits, int exponentBits)
    {
        ulong bits = prng.NextUInt64();
        ulong fraction = bits & ((1UL << fractionBits) - 1);
        if ((bits >> 63) != 0)
        {
            fraction &= ulong.MaxValue << (int)prng.NextBelow((ulong)fractionBits + 1);
        }

        ulong top = (1UL << exponentBits) - 1;
        ulong exponent = prng.NextUInt64() & top;
        if ((bits >> 62 & 1) != 0)
        {
            exponent = (top >> 1) - 4 + prng.NextBelow(9);
        }

        return fraction | (exponent << fractionBits) | ((bits >> 61 & 1) << (fractionBits + exponentBits));
    }

    /// <summary>A number close to <paramref name="other"/>: sums that cancel, quotients near 1.</summary>
    public static ulong Near(ref Prng prng, ulong other, int fractionBits, int exponentBits)
    {
        ulong sign = prng.NextBelow(2) << (fractionBits + exponentBits);
        ulong exponentStep = prng.NextBelow(3) << fractionBits;
        ulong mask = (1UL << (fractionBits + exponentBits + 1)) - 1;
        return ((other + prng.NextBelow(5) - 2 + exponentStep) ^ sign) & mask;
    }

    /// <summary>An extended operand of every class, pseudo-denormals and unsupported ones included.</summary>
    public static Float80 RandomExtended(ref Prng prng)
    {
        ulong bits = prng.NextUInt64();
        ulong significand = prng.NextUInt64() | (1UL << 63);
        if ((bits & 3) == 0)
        {
            significand &= ulong.MaxValue << (int)prng.NextBelow(64);
        }

        ushort sign = (ushort)((bits >> 2 & 1) << 15);
        int exponent = (bits >> 3 & 7) switch
        {
            0 => (int)prng.NextBelow(3),
            1 => 0x7FFE - (int)prng.NextBelow(3),
            2 => (int)prng.NextBelow(0x7FFF),
            _ => 16383 - 35 + (int)prng.NextBelow(71),
        };
        if (exponent == 0)
        {
            significand >>= (int)prng.NextBelow(64);
        }

        return new Float80(significand, (ushort)(sign | exponent));
    }
}
