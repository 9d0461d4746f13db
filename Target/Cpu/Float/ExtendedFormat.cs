namespace KgdbSim.Target.Cpu.Float;

/// <summary>The double extended precision format of an x87 register, its precision by the control word.</summary>
internal readonly struct ExtendedFormat : IFloatFormat
{
    /// <inheritdoc/>
    public static int MinExponent => -16382;

    /// <inheritdoc/>
    public static int MaxExponent => 16383;

    /// <inheritdoc/>
    public static bool RebiasesUnmasked => true;

    /// <inheritdoc/>
    public static int Precision(in FloatStatus status) => status.ExtendedPrecision;
}

/// <summary>
/// The same format where precision control has no say: everything but FADD, FSUB, FMUL, FDIV, FSQRT and their variants
/// (SDM vol. 1, section 8.1.5.2).
/// </summary>
internal readonly struct FullExtendedFormat : IFloatFormat
{
    /// <inheritdoc/>
    public static int MinExponent => -16382;

    /// <inheritdoc/>
    public static int MaxExponent => 16383;

    /// <inheritdoc/>
    public static bool RebiasesUnmasked => true;

    /// <inheritdoc/>
    public static int Precision(in FloatStatus status) => 64;
}
