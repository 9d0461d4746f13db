namespace KgdbSim.Target.Cpu.Float;

/// <summary>An IEEE 754 interchange format with a hidden leading bit, held in the low bits of a ulong.</summary>
internal interface IBinaryFormat : IFloatFormat
{
    /// <summary>Stored significand bits, without the hidden one.</summary>
    static abstract int FractionBits { get; }

    /// <summary>Width of the exponent field.</summary>
    static abstract int ExponentBits { get; }
}

/// <summary>Single precision.</summary>
internal readonly struct Binary32Format : IBinaryFormat
{
    /// <inheritdoc/>
    public static int MinExponent => -126;

    /// <inheritdoc/>
    public static int MaxExponent => 127;

    /// <inheritdoc/>
    public static bool RebiasesUnmasked => false;

    /// <inheritdoc/>
    public static int FractionBits => 23;

    /// <inheritdoc/>
    public static int ExponentBits => 8;

    /// <inheritdoc/>
    public static int Precision(in FloatStatus status) => 24;
}

/// <summary>Double precision.</summary>
internal readonly struct Binary64Format : IBinaryFormat
{
    /// <inheritdoc/>
    public static int MinExponent => -1022;

    /// <inheritdoc/>
    public static int MaxExponent => 1023;

    /// <inheritdoc/>
    public static bool RebiasesUnmasked => false;

    /// <inheritdoc/>
    public static int FractionBits => 52;

    /// <inheritdoc/>
    public static int ExponentBits => 11;

    /// <inheritdoc/>
    public static int Precision(in FloatStatus status) => 53;
}

/// <summary>Half precision, storage only: the source and target of VCVTPH2PS and VCVTPS2PH.</summary>
internal readonly struct Binary16Format : IBinaryFormat
{
    /// <inheritdoc/>
    public static int MinExponent => -14;

    /// <inheritdoc/>
    public static int MaxExponent => 15;

    /// <inheritdoc/>
    public static bool RebiasesUnmasked => false;

    /// <inheritdoc/>
    public static int FractionBits => 10;

    /// <inheritdoc/>
    public static int ExponentBits => 5;

    /// <inheritdoc/>
    public static int Precision(in FloatStatus status) => 11;
}
