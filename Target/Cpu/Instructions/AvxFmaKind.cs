using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Which signs a fused multiply-add turns over; a type argument.</summary>
internal interface IFmaKind
{
    /// <summary>The product's: VFNMADD, VFNMSUB.</summary>
    static abstract bool NegatesProduct { get; }

    /// <summary>The addend's in even lanes: VFMSUB, VFNMSUB, VFMADDSUB.</summary>
    static abstract bool NegatesEven { get; }

    /// <summary>The addend's in odd lanes: VFMSUB, VFNMSUB, VFMSUBADD.</summary>
    static abstract bool NegatesOdd { get; }
}

/// <summary>VFMADD.</summary>
internal readonly struct FusedMultiplyAdd : IFmaKind
{
    public static bool NegatesProduct => false;

    public static bool NegatesEven => false;

    public static bool NegatesOdd => false;
}

/// <summary>VFMSUB.</summary>
internal readonly struct FusedMultiplySubtract : IFmaKind
{
    public static bool NegatesProduct => false;

    public static bool NegatesEven => true;

    public static bool NegatesOdd => true;
}

/// <summary>VFNMADD.</summary>
internal readonly struct FusedNegativeMultiplyAdd : IFmaKind
{
    public static bool NegatesProduct => true;

    public static bool NegatesEven => false;

    public static bool NegatesOdd => false;
}

/// <summary>VFNMSUB.</summary>
internal readonly struct FusedNegativeMultiplySubtract : IFmaKind
{
    public static bool NegatesProduct => true;

    public static bool NegatesEven => true;

    public static bool NegatesOdd => true;
}

/// <summary>VFMADDSUB.</summary>
internal readonly struct FusedMultiplyAddSubtract : IFmaKind
{
    public static bool NegatesProduct => false;

    public static bool NegatesEven => true;

    public static bool NegatesOdd => false;
}

/// <summary>VFMSUBADD.</summary>
internal readonly struct FusedMultiplySubtractAdd : IFmaKind
{
    public static bool NegatesProduct => false;

    public static bool NegatesEven => false;

    public static bool NegatesOdd => true;
}

/// <summary>Which operands are multiplied and which is added; a type argument.</summary>
internal interface IFmaOrder
{
    /// <summary>Multiplicand, multiplier and addend of the instruction's three operands.</summary>
    static abstract (T A, T B, T C) Of<T>(T first, T second, T third);
}

/// <summary>The first operand times the third plus the second.</summary>
internal readonly struct FmaOrder132 : IFmaOrder
{
    public static (T A, T B, T C) Of<T>(T first, T second, T third) => (first, third, second);
}

/// <summary>The second operand times the first plus the third.</summary>
internal readonly struct FmaOrder213 : IFmaOrder
{
    public static (T A, T B, T C) Of<T>(T first, T second, T third) => (second, first, third);
}

/// <summary>The second operand times the third plus the first.</summary>
internal readonly struct FmaOrder231 : IFmaOrder
{
    public static (T A, T B, T C) Of<T>(T first, T second, T third) => (second, third, first);
}

/// <summary>a * b + c in one lane or all, signs turned over as the kind says; a NaN keeps its sign.</summary>
internal static class FmaLane<TKind>
    where TKind : IFmaKind
{
    private const uint Sign32 = 1u << 31;
    private const uint Infinity32 = 0x7F80_0000;
    private const ulong Sign64 = 1ul << 63;
    private const ulong Infinity64 = 0x7FF0_0000_0000_0000;

    /// <summary>Single precision, exactly.</summary>
    public static uint Exact(uint a, uint b, uint c, bool odd, ref FloatStatus status)
    {
        uint x = TKind.NegatesProduct && (a & ~Sign32) <= Infinity32 ? a ^ Sign32 : a;
        bool negate = odd ? TKind.NegatesOdd : TKind.NegatesEven;
        uint z = negate && (c & ~Sign32) <= Infinity32 ? c ^ Sign32 : c;
        return Binary32.MultiplyAdd(x, b, z, ref status);
    }

    /// <summary>Double precision, exactly.</summary>
    public static ulong Exact(ulong a, ulong b, ulong c, bool odd, ref FloatStatus status)
    {
        ulong x = TKind.NegatesProduct && (a & ~Sign64) <= Infinity64 ? a ^ Sign64 : a;
        bool negate = odd ? TKind.NegatesOdd : TKind.NegatesEven;
        ulong z = negate && (c & ~Sign64) <= Infinity64 ? c ^ Sign64 : c;
        return Binary64.MultiplyAdd(x, b, z, ref status);
    }

    /// <summary>The host's, four singles.</summary>
    public static Vector128<float> Host(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        Vector128<float> x = TKind.NegatesProduct ? -a : a;
        Vector128<uint> signs = Vector128.Create(Even32, Odd32, Even32, Odd32);
        return Vector128.FusedMultiplyAdd(x, b, (c.AsUInt32() ^ signs).AsSingle());
    }

    /// <summary>The host's, two doubles.</summary>
    public static Vector128<double> Host(Vector128<double> a, Vector128<double> b, Vector128<double> c)
    {
        Vector128<double> x = TKind.NegatesProduct ? -a : a;
        Vector128<ulong> signs = Vector128.Create((ulong)Even32 << 32, (ulong)Odd32 << 32);
        return Vector128.FusedMultiplyAdd(x, b, (c.AsUInt64() ^ signs).AsDouble());
    }

    private static uint Even32 => TKind.NegatesEven ? Sign32 : 0;

    private static uint Odd32 => TKind.NegatesOdd ? Sign32 : 0;
}
