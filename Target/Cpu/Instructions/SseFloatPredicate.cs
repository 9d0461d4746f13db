using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// The predicates of CMPPS and its kin (SDM vol. 2A, tables 3-1 and 3-9): 0-7 for the legacy instructions, 0-31 with
/// VEX, where 16-31 hold like 0-15 but treat quiet NaNs the other way.
/// </summary>
internal static class SseFloatPredicate
{
    // For each predicate the relations it holds for, bit n being FloatRelation n: greater, less, equal, unordered.
    private const ulong Truth = 0xF_1_5_3_0_E_A_C_7_9_D_B_8_6_2_4;

    // Those that raise IE for quiet NaNs too: LT, LE, NLT, NLE and the like.
    private const uint Signaling = 0b1001_1001_1001_1001_0110_0110_0110_0110;

    /// <summary>All ones if the predicate holds for two singles, else 0.</summary>
    public static uint Single(uint a, uint b, int predicate, ref FloatStatus status)
    {
        bool signals = ((Signaling >> predicate) & 1) != 0;
        return Holds(SoftBinaryComparison<Binary32Format>.Compare(a, b, signals, ref status), predicate)
            ? uint.MaxValue
            : 0;
    }

    /// <summary>All ones if the predicate holds for two doubles, else 0.</summary>
    public static ulong Double(ulong a, ulong b, int predicate, ref FloatStatus status)
    {
        bool signals = ((Signaling >> predicate) & 1) != 0;
        return Holds(SoftBinaryComparison<Binary64Format>.Compare(a, b, signals, ref status), predicate)
            ? ulong.MaxValue
            : 0;
    }

    /// <summary><see cref="Single"/> in every lane.</summary>
    public static Vector128<byte> Singles(
        Vector128<byte> a, Vector128<byte> b, int predicate, ref FloatStatus status)
    {
        Vector128<uint> result = default;
        for (int lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            result = result.WithElement(
                lane, Single(a.AsUInt32()[lane], b.AsUInt32()[lane], predicate, ref status));
        }

        return result.AsByte();
    }

    /// <summary><see cref="Double"/> in both lanes.</summary>
    public static Vector128<byte> Doubles(
        Vector128<byte> a, Vector128<byte> b, int predicate, ref FloatStatus status) =>
        Vector128.Create(
            Double(a.AsUInt64()[0], b.AsUInt64()[0], predicate, ref status),
            Double(a.AsUInt64()[1], b.AsUInt64()[1], predicate, ref status)).AsByte();

    /// <summary>All lanes at once, for lanes that compare without exceptions, so that none is unordered.</summary>
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, int predicate) => (predicate & 15) switch
    {
        0 or 8 => Vector128.Equals(a, b),
        1 or 9 => Vector128.LessThan(a, b),
        2 or 10 => Vector128.LessThanOrEqual(a, b),
        3 or 11 => Vector128<T>.Zero,
        4 or 12 => ~Vector128.Equals(a, b),
        5 or 13 => Vector128.GreaterThanOrEqual(a, b),
        6 or 14 => Vector128.GreaterThan(a, b),
        _ => Vector128<T>.AllBitsSet,
    };

    private static bool Holds(FloatRelation relation, int predicate) =>
        ((Truth >> (4 * (predicate & 15)) >> (int)relation) & 1) != 0;
}
