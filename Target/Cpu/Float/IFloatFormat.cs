namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The limits of a format that <see cref="Rounder"/> fits results into; a type argument, never a value.
/// </summary>
internal interface IFloatFormat
{
    /// <summary>The exponent of the least normal number.</summary>
    static abstract int MinExponent { get; }

    /// <summary>The exponent of the largest finite number.</summary>
    static abstract int MaxExponent { get; }

    /// <summary>
    /// Unmasked overflow and underflow deliver a result with the exponent moved by 24576 (x87 registers, SDM vol. 1,
    /// sections 8.5.4 and 8.5.5); elsewhere they deliver none.
    /// </summary>
    static abstract bool RebiasesUnmasked { get; }

    /// <summary>How many significand bits a result has, the leading one included.</summary>
    static abstract int Precision(in FloatStatus status);
}
