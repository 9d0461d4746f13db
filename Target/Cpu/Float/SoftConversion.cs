namespace KgdbSim.Target.Cpu.Float;

/// <summary>Conversions of the interchange formats as SSE and F16C do them, by integers alone.</summary>
internal static class SoftConversion
{
    /// <summary>
    /// CVTSS2SD, CVTSD2SS: <paramref name="bits"/> of one format in the other. Raises IE for a signalling NaN, DE, and
    /// what rounding raises.
    /// </summary>
    public static ulong Convert<TFrom, TTo>(ulong bits, ref FloatStatus status)
        where TFrom : struct, IBinaryFormat
        where TTo : struct, IBinaryFormat
    {
        Unpacked value = BinaryCodec<TFrom>.Unpack(bits, status.DenormalsAreZero);
        if (value.IsNaN)
        {
            if (value.Class == FloatClass.SignalingNaN)
            {
                status.Raised |= FloatExceptions.Invalid;
            }

            return BinaryCodec<TTo>.Pack(value.Quieted());
        }

        if (value.IsDenormal && status.Raise(FloatExceptions.Denormal))
        {
            return 0;
        }

        return BinaryCodec<TTo>.Pack(Rounder.Round<TTo>(Wide.From(value), ref status));
    }

    /// <summary>
    /// CVTSS2SI and its kin: an integer of <paramref name="bits"/> bits, in the low bits of the result. Never raises
    /// DE.
    /// </summary>
    public static ulong ToInteger<TFrom>(
        ulong value, int bits, bool isSigned, RoundingMode rounding, ref FloatStatus status)
        where TFrom : struct, IBinaryFormat
    {
        Unpacked unpacked = BinaryCodec<TFrom>.Unpack(value, status.DenormalsAreZero);
        return IntegralRounding.ToInteger(unpacked, bits, isSigned, rounding, ref status);
    }

    /// <summary>CVTSI2SS and its kin: a signed integer, rounded.</summary>
    public static ulong FromInteger<TTo>(long value, ref FloatStatus status)
        where TTo : struct, IBinaryFormat =>
        BinaryCodec<TTo>.Pack(Rounder.Round<TTo>(Wide.From(IntegralRounding.FromInteger(value)), ref status));

    /// <summary>An unsigned integer, rounded.</summary>
    public static ulong FromUnsigned<TTo>(ulong value, ref FloatStatus status)
        where TTo : struct, IBinaryFormat
    {
        Unpacked exact = IntegralRounding.FromMagnitude(false, value);
        return BinaryCodec<TTo>.Pack(Rounder.Round<TTo>(Wide.From(exact), ref status));
    }
}
