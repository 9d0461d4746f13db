using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The eight predicates of CMPPS and its kin (SDM vol. 2A, table 3-1), bits 2:0 of the immediate.</summary>
internal static class SseFloatPredicate
{
    // For each predicate the relations it holds for, bit n being FloatRelation n: greater, less, equal, unordered.
    private const uint Truth = 0x7_9_D_B_8_6_2_4;

    // LT, LE, NLT and NLE raise IE for quiet NaNs too.
    private const uint Signaling = 0b0110_0110;

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

    /// <summary>All lanes at once, for lanes that compare without exceptions, so that none is unordered.</summary>
    public static Vector128<T> Host<T>(Vector128<T> a, Vector128<T> b, int predicate) => predicate switch
    {
        0 => Vector128.Equals(a, b),
        1 => Vector128.LessThan(a, b),
        2 => Vector128.LessThanOrEqual(a, b),
        3 => Vector128<T>.Zero,
        4 => ~Vector128.Equals(a, b),
        5 => Vector128.GreaterThanOrEqual(a, b),
        6 => Vector128.GreaterThan(a, b),
        _ => Vector128<T>.AllBitsSet,
    };

    private static bool Holds(FloatRelation relation, int predicate) =>
        ((Truth >> (4 * predicate) >> (int)relation) & 1) != 0;
}
