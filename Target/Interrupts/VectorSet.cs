using System.Numerics;

namespace KgdbSim.Target.Interrupts;

/// <summary>256-bit sets of vectors, in place.</summary>
internal static unsafe class VectorSet
{
    public static bool Contains(ulong* set, int vector) => ((set[vector >> 6] >> (vector & 63)) & 1) != 0;

    public static void Add(ulong* set, int vector) => set[vector >> 6] |= 1UL << (vector & 63);

    public static void Remove(ulong* set, int vector) => set[vector >> 6] &= ~(1UL << (vector & 63));

    /// <summary>The highest vector in the set, or -1.</summary>
    public static int Highest(ulong* set)
    {
        for (int i = 3; i >= 0; i--)
        {
            if (set[i] != 0)
            {
                return (64 * i) + BitOperations.Log2(set[i]);
            }
        }

        return -1;
    }

    /// <summary>32 bits of the set as a register shows them, <paramref name="index"/> 0..7.</summary>
    public static uint Word(ulong* set, int index) => ((uint*)set)[index];

    public static void Clear(ulong* set) => new Span<ulong>(set, 4).Clear();
}
