namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// Numbers in [0, 2) in units of 2^-127, and the power series that the transcendental functions come down to. Each
/// series is evaluated by Horner's scheme with so many terms that what is left out is below 2^-128; each step truncates
/// by at most two units, so that the whole error is below 2^-120.
/// </summary>
internal static class FixedPoint
{
    private const int SineTerms = 17;
    private const int CosineTerms = 18;
    private const int ExponentialTerms = 32;
    private const int AreaTangentTerms = 26;
    private const int ArctangentTerms = 17;

    /// <summary>1.</summary>
    public static UInt128 One => UInt128.One << 127;

    /// <summary>The upper 128 bits of a product.</summary>
    public static UInt128 MultiplyHigh(UInt128 a, UInt128 b)
    {
        ulong aHigh = (ulong)(a >> 64);
        ulong bHigh = (ulong)(b >> 64);
        UInt128 high = Math.BigMul(aHigh, bHigh, out ulong highLow);
        high = (high << 64) | highLow;
        UInt128 cross1 = Product(aHigh, (ulong)b);
        UInt128 cross2 = Product((ulong)a, bHigh);
        UInt128 low = Product((ulong)a, (ulong)b) >> 64;
        UInt128 middle = low + (ulong)cross1 + (ulong)cross2;
        return high + (cross1 >> 64) + (cross2 >> 64) + (middle >> 64);
    }

    /// <summary>The product of two fixed-point numbers, below 2.</summary>
    public static UInt128 Multiply(UInt128 a, UInt128 b) => MultiplyHigh(a, b) << 1;

    /// <summary>sin(r) / r for r squared at most 0.62; below 1 even if rounding would make it 1.</summary>
    public static UInt128 SineRatio(UInt128 square)
    {
        UInt128 sum = One;
        for (uint k = SineTerms; k > 0; k--)
        {
            sum = One - (Multiply(square, sum) / (2 * k * ((2 * k) + 1)));
        }

        return BelowOne(sum);
    }

    /// <summary>cos(r) for r squared at most 0.62; below 1 even if rounding would make it 1.</summary>
    public static UInt128 Cosine(UInt128 square)
    {
        UInt128 sum = One;
        for (uint k = CosineTerms; k > 0; k--)
        {
            sum = One - (Multiply(square, sum) / (2 * k * ((2 * k) - 1)));
        }

        return BelowOne(sum);
    }

    /// <summary>(e^y - 1) / y for |y| at most ln 2, given |y| and y's sign.</summary>
    public static UInt128 ExponentialRatio(UInt128 magnitude, bool negative)
    {
        UInt128 sum = One;
        for (uint k = ExponentialTerms; k > 1; k--)
        {
            UInt128 term = Multiply(magnitude, sum) / k;
            sum = negative ? One - term : One + term;
        }

        return sum;
    }

    /// <summary>artanh(z) / z for z squared at most 0.03.</summary>
    public static UInt128 AreaTangentRatio(UInt128 square)
    {
        UInt128 sum = UInt128.Zero;
        for (uint k = AreaTangentTerms; k > 0; k--)
        {
            sum = Multiply(square, sum) + (One / ((2 * k) - 1));
        }

        return sum;
    }

    /// <summary>arctan(t) / t for t squared at most 1/256; below 1 even if rounding would make it 1.</summary>
    public static UInt128 ArctangentRatio(UInt128 square)
    {
        UInt128 sum = UInt128.Zero;
        for (uint k = ArctangentTerms; k > 0; k--)
        {
            sum = (One / ((2 * k) - 1)) - Multiply(square, sum);
        }

        return BelowOne(sum);
    }

    /// <summary>The number as a <see cref="WideFloat"/>.</summary>
    public static WideFloat ToWideFloat(UInt128 value) => WideFloat.FromInteger(false, value, -127);

    // A ratio of exactly 1 would round a result the wrong way in the directed modes.
    private static UInt128 BelowOne(UInt128 value) => value >= One ? One - UInt128.One : value;

    private static UInt128 Product(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return new UInt128(high, low);
    }
}
