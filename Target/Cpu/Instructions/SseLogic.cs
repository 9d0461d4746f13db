using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PAND, ANDPS, ANDPD.</summary>
internal readonly struct PackedAnd : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) => left & right;
}

/// <summary>PANDN, ANDNPS, ANDNPD: the destination is the operand that is inverted.</summary>
internal readonly struct PackedAndNot : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.AndNot(right, left);
}

/// <summary>POR, ORPS, ORPD.</summary>
internal readonly struct PackedOr : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) => left | right;
}

/// <summary>PXOR, XORPS, XORPD.</summary>
internal readonly struct PackedXor : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) => left ^ right;
}

/// <summary>PTEST (SDM vol. 2B): the two flags it defines; OF, AF, PF and SF become 0.</summary>
internal static class PackedTest
{
    /// <summary>ZF: no bit of <paramref name="source"/> is set where <paramref name="destination"/> has one.</summary>
    public static bool IsZero(Vector128<byte> destination, Vector128<byte> source) =>
        (destination & source) == Vector128<byte>.Zero;

    /// <summary>CF: every bit of <paramref name="source"/> is also set in <paramref name="destination"/>.</summary>
    public static bool IsCovered(Vector128<byte> destination, Vector128<byte> source) =>
        Vector128.AndNot(source, destination) == Vector128<byte>.Zero;
}
