using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A packed conversion: all lanes of a source at once, exceptions collected in the status.</summary>
internal interface IVectorConversion
{
    /// <summary>The whole destination.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status);

    /// <summary>
    /// The host's conversion, where MXCSR is <see cref="SseFloatStatus.IsSettled"/> and every lane is such that PE is
    /// all it can raise.
    /// </summary>
    static abstract bool TryHost(Vector128<byte> source, out Vector128<byte> result);
}

/// <summary>CVTDQ2PS.</summary>
internal readonly struct Int32sToSingles : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status)
    {
        Vector128<int> x = source.AsInt32();
        return Vector128.Create(
            (uint)SoftConversion.FromInteger<Binary32Format>(x[0], ref status),
            (uint)SoftConversion.FromInteger<Binary32Format>(x[1], ref status),
            (uint)SoftConversion.FromInteger<Binary32Format>(x[2], ref status),
            (uint)SoftConversion.FromInteger<Binary32Format>(x[3], ref status)).AsByte();
    }

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result)
    {
        result = Vector128.ConvertToSingle(source.AsInt32()).AsByte();
        return true;
    }
}

/// <summary>CVTDQ2PD: exact.</summary>
internal readonly struct Int32sToDoubles : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.Create((double)source.AsInt32()[0], source.AsInt32()[1]).AsByte();
}

/// <summary>CVTPS2DQ: rounds as MXCSR says.</summary>
internal readonly struct SinglesToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Singles(source, status.Rounding, ref status);

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result) =>
        SseToInteger.TryHost(Vector128.Round(source.AsSingle()), out result);
}

/// <summary>CVTTPS2DQ: truncates.</summary>
internal readonly struct SinglesTruncatedToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Singles(source, RoundingMode.TowardZero, ref status);

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result) =>
        SseToInteger.TryHost(Vector128.Truncate(source.AsSingle()), out result);
}

/// <summary>CVTPD2DQ: rounds as MXCSR says; the high half becomes 0.</summary>
internal readonly struct DoublesToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Doubles(source, status.Rounding, ref status);

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result) =>
        SseToInteger.TryHost(Vector128.Round(source.AsDouble()), out result);
}

/// <summary>CVTTPD2DQ: truncates; the high half becomes 0.</summary>
internal readonly struct DoublesTruncatedToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Doubles(source, RoundingMode.TowardZero, ref status);

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result) =>
        SseToInteger.TryHost(Vector128.Truncate(source.AsDouble()), out result);
}

/// <summary>CVTPS2PD: the low two singles.</summary>
internal readonly struct SinglesToDoubles : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status)
    {
        Vector128<uint> x = source.AsUInt32();
        return Vector128.Create(
            SoftConversion.Convert<Binary32Format, Binary64Format>(x[0], ref status),
            SoftConversion.Convert<Binary32Format, Binary64Format>(x[1], ref status)).AsByte();
    }

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result)
    {
        Vector128<float> x = UnpackLowQuadwords.Apply(source, source).AsSingle();
        result = Vector128.WidenLower(x).AsByte();
        return SseFloatOrdinary.IsComparable(x);
    }
}

/// <summary>CVTPD2PS: the high half becomes 0.</summary>
internal readonly struct DoublesToSingles : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status)
    {
        Vector128<ulong> x = source.AsUInt64();
        return Vector128.Create(
            (uint)SoftConversion.Convert<Binary64Format, Binary32Format>(x[0], ref status),
            (uint)SoftConversion.Convert<Binary64Format, Binary32Format>(x[1], ref status), 0, 0).AsByte();
    }

    public static bool TryHost(Vector128<byte> source, out Vector128<byte> result)
    {
        Vector128<double> x = source.AsDouble();
        Vector128<float> narrow = Vector128.Narrow(x, x);
        result = Vector128.CreateScalar(narrow.AsUInt64().ToScalar()).AsByte();
        return SseFloatOrdinary.IsOperand(x) && SseFloatOrdinary.IsResult(narrow, orZero: false);
    }
}

/// <summary>Lanes to 32-bit integers.</summary>
file static class SseToInteger
{
    private const float Limit = 1u << 31;

    /// <summary>Integral singles; false if one is out of range or a NaN.</summary>
    public static bool TryHost(Vector128<float> integral, out Vector128<byte> result)
    {
        result = Vector128.ConvertToInt32(integral).AsByte();
        return Vector128.LessThanAll(integral, Vector128.Create(Limit))
            && Vector128.GreaterThanOrEqualAll(integral, Vector128.Create(-Limit));
    }

    /// <summary>Integral doubles; false if one is out of range or a NaN.</summary>
    public static bool TryHost(Vector128<double> integral, out Vector128<byte> result)
    {
        result = Vector128.Create((int)integral[0], (int)integral[1], 0, 0).AsByte();
        return Vector128.LessThanAll(integral, Vector128.Create((double)Limit))
            && Vector128.GreaterThanOrEqualAll(integral, Vector128.Create((double)-Limit));
    }

    public static Vector128<byte> Singles(Vector128<byte> source, RoundingMode rounding, ref FloatStatus status)
    {
        Vector128<uint> result = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            ulong element = SoftConversion.ToInteger<Binary32Format>(
                source.AsUInt32()[lane], 32, isSigned: true, rounding, ref status);
            result = result.WithElement(lane, (uint)element);
        }

        return result.AsByte();
    }

    public static Vector128<byte> Doubles(Vector128<byte> source, RoundingMode rounding, ref FloatStatus status)
    {
        Vector128<ulong> x = source.AsUInt64();
        ulong low = SoftConversion.ToInteger<Binary64Format>(x[0], 32, isSigned: true, rounding, ref status);
        ulong high = SoftConversion.ToInteger<Binary64Format>(x[1], 32, isSigned: true, rounding, ref status);
        return Vector128.Create(low | (high << 32), 0).AsByte();
    }
}
