using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PADDB, PADDW, PADDD, PADDQ: wraps in each lane.</summary>
internal readonly struct PackedAdd<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (left.As<byte, T>() + right.As<byte, T>()).AsByte();
}

/// <summary>PSUBB, PSUBW, PSUBD, PSUBQ: wraps in each lane.</summary>
internal readonly struct PackedSubtract<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (left.As<byte, T>() - right.As<byte, T>()).AsByte();
}

/// <summary>PADDSB, PADDSW (signed lanes), PADDUSB, PADDUSW (unsigned): clamps to the lane's range.</summary>
internal readonly struct PackedAddSaturate<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.AddSaturate(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PSUBSB, PSUBSW (signed lanes), PSUBUSB, PSUBUSW (unsigned): clamps to the lane's range.</summary>
internal readonly struct PackedSubtractSaturate<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.SubtractSaturate(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PMINSB, PMINSW, PMINSD (signed lanes), PMINUB, PMINUW, PMINUD (unsigned).</summary>
internal readonly struct PackedMinimum<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Min(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PMAXSB, PMAXSW, PMAXSD (signed lanes), PMAXUB, PMAXUW, PMAXUD (unsigned).</summary>
internal readonly struct PackedMaximum<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Max(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PCMPEQB, PCMPEQW, PCMPEQD, PCMPEQQ: all ones where equal.</summary>
internal readonly struct PackedCompareEqual<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Equals(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PCMPGTB, PCMPGTW, PCMPGTD, PCMPGTQ: signed lanes, all ones where the destination is greater.</summary>
internal readonly struct PackedCompareGreater<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.GreaterThan(left.As<byte, T>(), right.As<byte, T>()).AsByte();
}

/// <summary>PAVGB: mean of unsigned bytes, rounded up.</summary>
internal readonly struct PackedAverageBytes : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Sse2.IsSupported
            ? Sse2.Average(left, right)
            : (left | right) - Vector128.ShiftRightLogical(left ^ right, 1);
}

/// <summary>PAVGW: mean of unsigned words, rounded up.</summary>
internal readonly struct PackedAverageWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<ushort> a = left.AsUInt16(), b = right.AsUInt16();
        return Sse2.IsSupported
            ? Sse2.Average(a, b).AsByte()
            : ((a | b) - Vector128.ShiftRightLogical(a ^ b, 1)).AsByte();
    }
}

/// <summary>PABSB, PABSW, PABSD: the most negative value stays itself.</summary>
internal readonly struct PackedAbsolute<T> : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source)
    {
        // Vector128.Abs may throw on the most negative value where the host has no vectors.
        Vector128<T> value = source.As<byte, T>();
        Vector128<T> negative = Vector128.LessThan(value, Vector128<T>.Zero);
        return ((value ^ negative) - negative).AsByte();
    }
}

/// <summary>PSIGNB, PSIGNW, PSIGND: negates, clears or keeps each lane by the sign of the source's lane.</summary>
internal readonly struct PackedSign<T> : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<T> value = left.As<byte, T>(), sign = right.As<byte, T>();
        Vector128<T> negative = Vector128.LessThan(sign, Vector128<T>.Zero);
        Vector128<T> zero = Vector128.Equals(sign, Vector128<T>.Zero);
        return Vector128.AndNot((value ^ negative) - negative, zero).AsByte();
    }
}
