using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PMULLW, PMULLD: the low half of each product.</summary>
internal readonly struct PackedMultiplyLow<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (left.As<byte, T>() * right.As<byte, T>()).AsByte();
}

/// <summary>PMULHW: the high half of each signed 32-bit product.</summary>
internal readonly struct PackedMultiplyHighSigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<short> a = left.AsInt16(), b = right.AsInt16();
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyHigh(a, b).AsByte();
        }

        Vector128<int> low = Vector128.WidenLower(a) * Vector128.WidenLower(b);
        Vector128<int> high = Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
        return Vector128.Narrow(low >> 16, high >> 16).AsByte();
    }
}

/// <summary>PMULHUW: the high half of each unsigned 32-bit product.</summary>
internal readonly struct PackedMultiplyHighUnsigned : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<ushort> a = left.AsUInt16(), b = right.AsUInt16();
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyHigh(a, b).AsByte();
        }

        Vector128<uint> low = Vector128.WidenLower(a) * Vector128.WidenLower(b);
        Vector128<uint> high = Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
        return Vector128.Narrow(low >> 16, high >> 16).AsByte();
    }
}

/// <summary>PMULHRSW: each signed product shifted right by 15 with rounding (SDM vol. 2B).</summary>
internal readonly struct PackedMultiplyHighRound : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<short> a = left.AsInt16(), b = right.AsInt16();
        if (Ssse3.IsSupported)
        {
            return Ssse3.MultiplyHighRoundScale(a, b).AsByte();
        }

        Vector128<int> low = Round(Vector128.WidenLower(a) * Vector128.WidenLower(b));
        Vector128<int> high = Round(Vector128.WidenUpper(a) * Vector128.WidenUpper(b));
        return Vector128.Narrow(low, high).AsByte();
    }

    private static Vector128<int> Round(Vector128<int> product) => ((product >> 14) + Vector128<int>.One) >> 1;
}

/// <summary>PMULUDQ: the full product of the even unsigned doublewords.</summary>
internal readonly struct PackedMultiplyUnsignedWide : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.Multiply(left.AsUInt32(), right.AsUInt32()).AsByte();
        }

        Vector128<ulong> mask = Vector128.Create((ulong)uint.MaxValue);
        return ((left.AsUInt64() & mask) * (right.AsUInt64() & mask)).AsByte();
    }
}

/// <summary>PMULDQ: the full product of the even signed doublewords.</summary>
internal readonly struct PackedMultiplySignedWide : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Sse41.IsSupported
            ? Sse41.Multiply(left.AsInt32(), right.AsInt32()).AsByte()
            : (EvenSigned(left) * EvenSigned(right)).AsByte();

    private static Vector128<long> EvenSigned(Vector128<byte> value) => (value.AsInt64() << 32) >> 32;
}

/// <summary>PMADDWD: sums of adjacent signed products; only 4 x 8000h overflows, to 80000000h.</summary>
internal readonly struct PackedMultiplyAddWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(left.AsInt16(), right.AsInt16()).AsByte();
        }

        Vector128<int> a = left.AsInt32(), b = right.AsInt32();
        Vector128<int> even = ((a << 16) >> 16) * ((b << 16) >> 16);
        return (even + ((a >> 16) * (b >> 16))).AsByte();
    }
}

/// <summary>PMADDUBSW: the destination's unsigned bytes times signed bytes, adjacent sums saturated.</summary>
internal readonly struct PackedMultiplyAddBytes : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        if (Ssse3.IsSupported)
        {
            return Ssse3.MultiplyAddAdjacent(left, right.AsSByte()).AsByte();
        }

        // A single product always fits in 16 bits (255 * -128); only the sum can leave the range.
        Vector128<short> a = left.AsInt16(), b = right.AsInt16();
        Vector128<short> even = (a & Vector128.Create((short)0xFF)) * ((b << 8) >> 8);
        return Vector128.AddSaturate(even, (a >>> 8) * (b >> 8)).AsByte();
    }
}
