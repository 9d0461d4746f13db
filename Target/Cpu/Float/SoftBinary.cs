namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// SSE arithmetic on <typeparamref name="TFormat"/> by integers alone: right in every rounding mode and for every
/// operand, and the reference of the fast paths in <see cref="Binary32"/> and <see cref="Binary64"/>.
/// </summary>
/// <remarks>
/// Of two NaNs the first operand wins (SDM vol. 1, table 4-7). If <see cref="FloatStatus.HasNoResult"/> holds
/// afterwards, the returned bits mean nothing and no OE, UE or PE was looked for.
/// </remarks>
internal static class SoftBinary<TFormat>
    where TFormat : struct, IBinaryFormat
{
    /// <summary>The real indefinite of this format.</summary>
    public static ulong Indefinite => BinaryCodec<TFormat>.Pack(Unpacked.Indefinite);

    /// <summary>a + b.</summary>
    public static ulong Add(ulong a, ulong b, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        Unpacked y = Unpack(b, status);
        return HasNaN(x, y)
            ? Propagate(x, y, ref status)
            : Finish(WideArithmetic.Add(x, y, y.Sign, status.Rounding), x.IsDenormal | y.IsDenormal, ref status);
    }

    /// <summary>a - b.</summary>
    public static ulong Subtract(ulong a, ulong b, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        Unpacked y = Unpack(b, status);
        return HasNaN(x, y)
            ? Propagate(x, y, ref status)
            : Finish(WideArithmetic.Add(x, y, !y.Sign, status.Rounding), x.IsDenormal | y.IsDenormal, ref status);
    }

    /// <summary>a * b.</summary>
    public static ulong Multiply(ulong a, ulong b, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        Unpacked y = Unpack(b, status);
        return HasNaN(x, y)
            ? Propagate(x, y, ref status)
            : Finish(WideArithmetic.Multiply(x, y), x.IsDenormal | y.IsDenormal, ref status);
    }

    /// <summary>a / b.</summary>
    public static ulong Divide(ulong a, ulong b, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        Unpacked y = Unpack(b, status);
        return HasNaN(x, y)
            ? Propagate(x, y, ref status)
            : Finish(WideArithmetic.Divide(x, y), x.IsDenormal | y.IsDenormal, ref status);
    }

    /// <summary>The square root of a.</summary>
    public static ulong SquareRoot(ulong a, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        return x.IsNaN
            ? Propagate(x, x, ref status)
            : Finish(WideSquareRoot.Root(x), x.IsDenormal, ref status);
    }

    /// <summary>
    /// a * b + c with one rounding. Of several NaNs the first in this order wins, and a quiet NaN in c also wins over
    /// zero times infinity, without IE (SDM vol. 1, table 14-17).
    /// </summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        Unpacked y = Unpack(b, status);
        Unpacked z = Unpack(c, status);
        if (HasNaN(x, y) || z.IsNaN)
        {
            RaiseIfSignaling(x, ref status);
            RaiseIfSignaling(y, ref status);
            RaiseIfSignaling(z, ref status);
            Unpacked first = x.IsNaN ? x : y.IsNaN ? y : z;
            return BinaryCodec<TFormat>.Pack(first.Quieted());
        }

        bool denormal = x.IsDenormal | y.IsDenormal | z.IsDenormal;
        return Finish(WideArithmetic.MultiplyAdd(x, y, z, status.Rounding), denormal, ref status);
    }

    /// <summary>
    /// a rounded to an integral value in the same format. Never raises DE or OE; whoever implements the "suppress PE"
    /// bit of ROUNDPS removes PE from what was raised.
    /// </summary>
    public static ulong RoundToIntegral(ulong a, RoundingMode rounding, ref FloatStatus status)
    {
        Unpacked x = Unpack(a, status);
        if (x.IsNaN)
        {
            return Propagate(x, x, ref status);
        }

        Unpacked integral = IntegralRounding.Round(x, rounding, ref status);
        return BinaryCodec<TFormat>.Pack(integral);
    }

    private static Unpacked Unpack(ulong bits, in FloatStatus status) =>
        BinaryCodec<TFormat>.Unpack(bits, status.DenormalsAreZero);

    private static bool HasNaN(in Unpacked a, in Unpacked b) => a.IsNaN || b.IsNaN;

    private static void RaiseIfSignaling(in Unpacked value, ref FloatStatus status)
    {
        if (value.Class == FloatClass.SignalingNaN)
        {
            status.Raised |= FloatExceptions.Invalid;
        }
    }

    private static ulong Propagate(in Unpacked a, in Unpacked b, ref FloatStatus status)
    {
        RaiseIfSignaling(a, ref status);
        RaiseIfSignaling(b, ref status);
        return BinaryCodec<TFormat>.Pack(a.IsNaN ? a.Quieted() : b.Quieted());
    }

    // IE and ZE win over DE, and an unmasked DE keeps the result from being computed (SDM vol. 1, section 4.9.2).
    private static ulong Finish(in Wide exact, bool denormalOperand, ref FloatStatus status)
    {
        if (exact.Exceptions != FloatExceptions.None)
        {
            status.Raised |= exact.Exceptions;
            return exact.Class == FloatClass.QuietNaN
                ? Indefinite
                : BinaryCodec<TFormat>.Pack(Unpacked.Infinity(exact.Sign));
        }

        if (denormalOperand && status.Raise(FloatExceptions.Denormal))
        {
            return 0;
        }

        return BinaryCodec<TFormat>.Pack(Rounder.Round<TFormat>(exact, ref status));
    }
}
