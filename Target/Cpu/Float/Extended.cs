namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The x87's four operations and the root. Operands are unpacked, so that a memory operand keeps what it was (a
/// signalling NaN, a denormal) before it was widened; results go to <see cref="Float80.Pack"/>.
/// </summary>
/// <remarks>If <see cref="FloatStatus.HasNoResult"/> holds afterwards, the result means nothing.</remarks>
internal static class Extended
{
    /// <summary>a + b.</summary>
    public static Unpacked Add(in Unpacked a, in Unpacked b, ref FloatStatus status) =>
        ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b)
            ? ExtendedNaN.Propagate(a, b, ref status)
            : Finish(WideArithmetic.Add(a, b, b.Sign, status.Rounding), a.IsDenormal | b.IsDenormal, ref status);

    /// <summary>a - b.</summary>
    public static Unpacked Subtract(in Unpacked a, in Unpacked b, ref FloatStatus status) =>
        ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b)
            ? ExtendedNaN.Propagate(a, b, ref status)
            : Finish(WideArithmetic.Add(a, b, !b.Sign, status.Rounding), a.IsDenormal | b.IsDenormal, ref status);

    /// <summary>a * b.</summary>
    public static Unpacked Multiply(in Unpacked a, in Unpacked b, ref FloatStatus status) =>
        ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b)
            ? ExtendedNaN.Propagate(a, b, ref status)
            : Finish(WideArithmetic.Multiply(a, b), a.IsDenormal | b.IsDenormal, ref status);

    /// <summary>a / b.</summary>
    public static Unpacked Divide(in Unpacked a, in Unpacked b, ref FloatStatus status) =>
        ExtendedNaN.Blocks(a) || ExtendedNaN.Blocks(b)
            ? ExtendedNaN.Propagate(a, b, ref status)
            : Finish(WideArithmetic.Divide(a, b), a.IsDenormal | b.IsDenormal, ref status);

    /// <summary>The square root of a.</summary>
    public static Unpacked SquareRoot(in Unpacked a, ref FloatStatus status) =>
        ExtendedNaN.Blocks(a)
            ? ExtendedNaN.Propagate(a, ref status)
            : Finish(WideSquareRoot.Root(a), a.IsDenormal, ref status);

    /// <summary>
    /// FRNDINT: a rounded to an integral value by the rounding mode.
    /// </summary>
    public static Unpacked RoundToIntegral(in Unpacked a, ref FloatStatus status)
    {
        if (ExtendedNaN.Blocks(a))
        {
            return ExtendedNaN.Propagate(a, ref status);
        }

        return a.IsDenormal && status.Raise(FloatExceptions.Denormal)
            ? a
            : IntegralRounding.Round(a, status.Rounding, ref status);
    }

    /// <summary>
    /// Raises what <paramref name="exact"/> and the operands call for and rounds, precision by the control word.
    /// </summary>
    public static Unpacked Finish(in Wide exact, bool denormalOperand, ref FloatStatus status)
    {
        if (exact.Exceptions != FloatExceptions.None)
        {
            status.Raised |= exact.Exceptions;
            return exact.Class == FloatClass.QuietNaN ? Unpacked.Indefinite : Unpacked.Infinity(exact.Sign);
        }

        return denormalOperand && status.Raise(FloatExceptions.Denormal)
            ? Unpacked.Indefinite
            : Rounder.Round<ExtendedFormat>(exact, ref status);
    }
}
