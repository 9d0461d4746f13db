using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A packed conversion: all lanes of a source at once, exceptions collected in the status.</summary>
internal interface IVectorConversion
{
    /// <summary>The whole destination.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status);
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
}

/// <summary>CVTTPS2DQ: truncates.</summary>
internal readonly struct SinglesTruncatedToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Singles(source, RoundingMode.TowardZero, ref status);
}

/// <summary>CVTPD2DQ: rounds as MXCSR says; the high half becomes 0.</summary>
internal readonly struct DoublesToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Doubles(source, status.Rounding, ref status);
}

/// <summary>CVTTPD2DQ: truncates; the high half becomes 0.</summary>
internal readonly struct DoublesTruncatedToInt32s : IVectorConversion
{
    public static Vector128<byte> Apply(Vector128<byte> source, ref FloatStatus status) =>
        SseToInteger.Doubles(source, RoundingMode.TowardZero, ref status);
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
}

/// <summary>Lanes to 32-bit integers.</summary>
file static class SseToInteger
{
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
