namespace KgdbSim.Target.Cpu.Float;

/// <summary>The square root, for all formats at once.</summary>
internal static class WideSquareRoot
{
    /// <summary>The root of <paramref name="a"/>, which is not a NaN; invalid below zero, -0 for -0.</summary>
    public static Wide Root(in Unpacked a)
    {
        if (a.Class == FloatClass.Zero)
        {
            return Wide.Zero(a.Sign);
        }

        if (a.Sign)
        {
            return Wide.Invalid;
        }

        if (a.Class == FloatClass.Infinity)
        {
            return Wide.Infinity(false);
        }

        // An even power of two comes out of the root; the radicand is then in [2^126, 2^128) and its root has 64 bits.
        int odd = a.Exponent & 1;
        UInt128 radicand = (UInt128)a.Significand << (63 + odd);
        ulong root = Integer(radicand);
        UInt128 rest = radicand - ((UInt128)root * root);

        // (root + 1/2)^2 = root^2 + root + 1/4: the next bit is set iff the rest exceeds the root; a tie cannot be.
        ulong low = rest > root ? 0xC000000000000000 : 0x4000000000000000;
        return new Wide(false, (a.Exponent - odd) >> 1, root, rest == UInt128.Zero ? 0 : low);
    }

    /// <summary>The integer part of the root of <paramref name="radicand"/>, which is at least 2^126.</summary>
    private static ulong Integer(UInt128 radicand)
    {
        // The host's root has 53 good bits; one step of Newton's method doubles them, then only the last place can be
        // off.
        double estimate = Math.Sqrt((double)(ulong)(radicand >> 64)) * 4294967296.0;
        ulong root = estimate >= 18446744073709551615.0 ? ulong.MaxValue : (ulong)estimate;
        UInt128 square = (UInt128)root * root;
        if (square > radicand)
        {
            UInt128 step = (square - radicand) / root;
            root -= (ulong)(step >> 1) + 1;
        }
        else
        {
            ulong step = (ulong)((radicand - square) / root) >> 1;
            root = step > ulong.MaxValue - root ? ulong.MaxValue : root + step;
        }

        while ((UInt128)root * root > radicand)
        {
            root--;
        }

        while (root != ulong.MaxValue && (UInt128)(root + 1) * (root + 1) <= radicand)
        {
            root++;
        }

        return root;
    }
}
