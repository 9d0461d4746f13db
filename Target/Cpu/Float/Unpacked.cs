namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// A floating-point datum out of any format. A finite one is (-1)^Sign * Significand * 2^(Exponent - 63).
/// </summary>
/// <remarks>
/// From an operand, the significand of a finite number has bit 63 set, also if it was denormal. From
/// <see cref="Rounder"/>, a result below the format's normal range has bit 63 clear and the format's least exponent.
/// A NaN keeps its payload as the extended format has it: bit 63 set, bit 62 the quiet bit.
/// </remarks>
internal readonly struct Unpacked(FloatClass kind, bool sign, int exponent, ulong significand, bool isDenormal = false)
{
    /// <summary>The leading significand bit of a normalised number.</summary>
    public const ulong LeadingBit = 1UL << 63;

    /// <summary>The significand bit that makes a NaN quiet.</summary>
    public const ulong QuietBit = 1UL << 62;

    /// <summary>Which fields below mean something.</summary>
    public readonly FloatClass Class = kind;

    /// <summary>True for minus, of zeros and NaNs too.</summary>
    public readonly bool Sign = sign;

    /// <summary>The operand was stored as a denormal: its use raises DE.</summary>
    public readonly bool IsDenormal = isDenormal;

    /// <summary>The power of two of the leading bit.</summary>
    public readonly int Exponent = exponent;

    /// <summary>The significand, leading bit at bit 63.</summary>
    public readonly ulong Significand = significand;

    /// <summary>The real indefinite: what a masked invalid operation delivers (SDM vol. 1, section 4.8.3.7).</summary>
    public static Unpacked Indefinite => new(FloatClass.QuietNaN, true, 0, LeadingBit | QuietBit);

    /// <summary>A NaN of either kind.</summary>
    public bool IsNaN => Class is FloatClass.QuietNaN or FloatClass.SignalingNaN;

    /// <summary>A zero of the given sign.</summary>
    public static Unpacked Zero(bool sign) => new(FloatClass.Zero, sign, 0, 0);

    /// <summary>An infinity of the given sign.</summary>
    public static Unpacked Infinity(bool sign) => new(FloatClass.Infinity, sign, 0, 0);

    /// <summary>This NaN, made quiet; its payload stays.</summary>
    public Unpacked Quieted() => new(FloatClass.QuietNaN, Sign, 0, Significand | QuietBit);

    /// <summary>The same datum with the given sign, NaNs included.</summary>
    public Unpacked WithSign(bool sign) => new(Class, sign, Exponent, Significand, IsDenormal);
}
