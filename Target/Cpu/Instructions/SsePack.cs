using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PACKSSWB: signed words to signed bytes, saturated; destination's lanes first.</summary>
internal readonly struct PackWordsSigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.NarrowWithSaturation(left.AsInt16(), right.AsInt16()).AsByte();
}

/// <summary>PACKSSDW: signed doublewords to signed words, saturated.</summary>
internal readonly struct PackDoublewordsSigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.NarrowWithSaturation(left.AsInt32(), right.AsInt32()).AsByte();
}

/// <summary>PACKUSWB: signed words to unsigned bytes, saturated.</summary>
internal readonly struct PackWordsUnsigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(Clamp(left.AsInt16()).AsUInt16(), Clamp(right.AsInt16()).AsUInt16());

    private static Vector128<short> Clamp(Vector128<short> value) =>
        Vector128.Min(Vector128.Max(value, Vector128<short>.Zero), Vector128.Create((short)byte.MaxValue));
}

/// <summary>PACKUSDW: signed doublewords to unsigned words, saturated.</summary>
internal readonly struct PackDoublewordsUnsigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(Clamp(left.AsInt32()).AsUInt32(), Clamp(right.AsInt32()).AsUInt32()).AsByte();

    private static Vector128<int> Clamp(Vector128<int> value) =>
        Vector128.Min(Vector128.Max(value, Vector128<int>.Zero), Vector128.Create((int)ushort.MaxValue));
}

/// <summary>PUNPCKLBW.</summary>
internal readonly struct UnpackLowBytes : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Bytes(UnpackLowQuadwords.Apply(left, right));
}

/// <summary>PUNPCKHBW.</summary>
internal readonly struct UnpackHighBytes : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Bytes(UnpackHighQuadwords.Apply(left, right));
}

/// <summary>PUNPCKLWD.</summary>
internal readonly struct UnpackLowWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Words(UnpackLowQuadwords.Apply(left, right));
}

/// <summary>PUNPCKHWD.</summary>
internal readonly struct UnpackHighWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Words(UnpackHighQuadwords.Apply(left, right));
}

/// <summary>PUNPCKLDQ, UNPCKLPS.</summary>
internal readonly struct UnpackLowDoublewords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Doublewords(UnpackLowQuadwords.Apply(left, right));
}

/// <summary>PUNPCKHDQ, UNPCKHPS.</summary>
internal readonly struct UnpackHighDoublewords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Interleave.Doublewords(UnpackHighQuadwords.Apply(left, right));
}

/// <summary>PUNPCKLQDQ, UNPCKLPD, and MOVLHPS: both low halves.</summary>
internal readonly struct UnpackLowQuadwords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Create(left.GetLower(), right.GetLower());
}

/// <summary>PUNPCKHQDQ, UNPCKHPD: both high halves.</summary>
internal readonly struct UnpackHighQuadwords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Create(left.GetUpper(), right.GetUpper());
}

/// <summary>Interleaves the lanes of a vector's low half with those of its high half.</summary>
file static class Interleave
{
    public static Vector128<byte> Bytes(Vector128<byte> halves) => Vector128.Shuffle(
        halves, Vector128.Create((byte)0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));

    public static Vector128<byte> Words(Vector128<byte> halves) => Vector128.Shuffle(
        halves, Vector128.Create((byte)0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15));

    public static Vector128<byte> Doublewords(Vector128<byte> halves) => Vector128.Shuffle(
        halves.AsUInt32(), Vector128.Create(0u, 2, 1, 3)).AsByte();
}
