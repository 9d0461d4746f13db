namespace KgdbSim.Target.Cpu.Float;

/// <summary>SSE comparisons on <typeparamref name="TFormat"/>, by integers alone.</summary>
internal static class SoftBinaryComparison<TFormat>
    where TFormat : struct, IBinaryFormat
{
    /// <summary>
    /// How a relates to b: COMISS and the signalling CMPPS predicates with <paramref name="signalsQuiet"/>, UCOMISS and
    /// the quiet ones without.
    /// </summary>
    public static FloatRelation Compare(ulong a, ulong b, bool signalsQuiet, ref FloatStatus status) =>
        Comparison.Compare(Unpack(a, status), Unpack(b, status), signalsQuiet, ref status);

    /// <summary>
    /// MINPS: b unless a is less; so b, unchanged, for two zeros or any NaN (SDM vol. 2, MINPS). Denormals taken for
    /// zeros come out as zeros.
    /// </summary>
    public static ulong Minimum(ulong a, ulong b, ref FloatStatus status)
    {
        FloatRelation relation = Compare(a, b, signalsQuiet: true, ref status);
        return Cleaned(relation == FloatRelation.Less ? a : b, status);
    }

    /// <summary>MAXPS: b unless a is greater, as <see cref="Minimum"/>.</summary>
    public static ulong Maximum(ulong a, ulong b, ref FloatStatus status)
    {
        FloatRelation relation = Compare(a, b, signalsQuiet: true, ref status);
        return Cleaned(relation == FloatRelation.Greater ? a : b, status);
    }

    private static Unpacked Unpack(ulong bits, in FloatStatus status) =>
        BinaryCodec<TFormat>.Unpack(bits, status.DenormalsAreZero);

    private static ulong Cleaned(ulong bits, in FloatStatus status)
    {
        ulong sign = 1UL << (TFormat.FractionBits + TFormat.ExponentBits);
        ulong magnitude = bits & (sign - 1);
        return status.DenormalsAreZero && magnitude >> TFormat.FractionBits == 0 ? bits & sign : bits;
    }
}
