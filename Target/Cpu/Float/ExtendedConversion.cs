namespace KgdbSim.Target.Cpu.Float;

/// <summary>From the x87's registers to its memory formats.</summary>
internal static class ExtendedConversion
{
    /// <summary>
    /// FST m32/m64: <paramref name="value"/> rounded to <typeparamref name="TTo"/>. With IE, OE or UE unmasked and
    /// raised the result must not be stored (SDM vol. 1, sections 8.5.4 and 8.5.5).
    /// </summary>
    public static ulong Store<TTo>(in Unpacked value, ref FloatStatus status)
        where TTo : struct, IBinaryFormat
    {
        if (ExtendedNaN.Blocks(value))
        {
            return BinaryCodec<TTo>.Pack(ExtendedNaN.Propagate(value, ref status));
        }

        ulong bits = BinaryCodec<TTo>.Pack(Rounder.Round<TTo>(Wide.From(value), ref status));
        if ((status.Unmasked & (FloatExceptions.Overflow | FloatExceptions.Underflow)) != 0)
        {
            // Nothing is stored, so nothing was rounded.
            status.Raised &= ~FloatExceptions.Precision;
            status.RoundedUp = false;
        }

        return bits;
    }

    /// <summary>
    /// FIST, FISTP, FISTTP: a signed integer of <paramref name="bits"/> bits, the integer indefinite with IE for what
    /// has none.
    /// </summary>
    public static ulong StoreInteger(in Unpacked value, int bits, RoundingMode rounding, ref FloatStatus status) =>
        IntegralRounding.ToInteger(value, bits, isSigned: true, rounding, ref status);
}
