namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// What an operation needs to know of MXCSR or the x87 control word, and where it leaves its exceptions. One value
/// serves one instruction: <see cref="Raised"/> starts empty and collects over all elements.
/// </summary>
internal struct FloatStatus
{
    /// <summary>How inexact results are rounded.</summary>
    public RoundingMode Rounding;

    /// <summary>The exceptions the guest masked.</summary>
    public FloatExceptions Masked;

    /// <summary>The exceptions this instruction found.</summary>
    public FloatExceptions Raised;

    /// <summary>
    /// Exceptions whose flag is up already and which are masked: finding them again changes nothing, so that a fast
    /// path need not.
    /// </summary>
    public FloatExceptions Settled;

    /// <summary>MXCSR.DAZ: denormal operands count as zeros of their sign, without DE.</summary>
    public bool DenormalsAreZero;

    /// <summary>MXCSR.FTZ: with underflow masked, tiny results become zeros of their sign, with UE and PE.</summary>
    public bool FlushToZero;

    /// <summary>Significand bits of an x87 arithmetic result, by the precision control field: 24, 53 or 64.</summary>
    public byte ExtendedPrecision;

    /// <summary>The last rounding went away from zero (x87: C1 when PE is raised).</summary>
    public bool RoundedUp;

    /// <summary>The found exceptions that the guest wants to see.</summary>
    public readonly FloatExceptions Unmasked => Raised & ~Masked;

    /// <summary>An unmasked IE, DE or ZE was found: there is no result to store.</summary>
    public readonly bool HasNoResult => (Unmasked & FloatExceptions.BeforeResult) != 0;

    /// <summary>The status of an SSE instruction; <paramref name="mxcsr"/> as in SDM vol. 1, figure 10-3.</summary>
    public static FloatStatus FromMxcsr(uint mxcsr)
    {
        FloatExceptions masked = (FloatExceptions)(mxcsr >> 7) & FloatExceptions.All;
        return new FloatStatus
        {
            Rounding = (RoundingMode)((mxcsr >> 13) & 3),
            Masked = masked,
            Settled = (FloatExceptions)mxcsr & masked,
            DenormalsAreZero = (mxcsr & 0x40) != 0,
            FlushToZero = (mxcsr & 0x8000) != 0,
            ExtendedPrecision = 64,
        };
    }

    /// <summary>
    /// The status of an x87 instruction; <paramref name="controlWord"/> as in SDM vol. 1, figure 8-6.
    /// </summary>
    /// <remarks>The reserved precision control 01 behaves as full precision.</remarks>
    public static FloatStatus FromControlWord(ushort controlWord) => new()
    {
        Rounding = (RoundingMode)((controlWord >> 10) & 3),
        Masked = (FloatExceptions)controlWord & FloatExceptions.All,
        ExtendedPrecision = ((controlWord >> 8) & 3) switch { 0 => 24, 2 => 53, _ => 64 },
    };

    /// <summary>Records <paramref name="exceptions"/>; true if one of them is unmasked.</summary>
    public bool Raise(FloatExceptions exceptions)
    {
        Raised |= exceptions;
        return (exceptions & ~Masked) != 0;
    }
}
