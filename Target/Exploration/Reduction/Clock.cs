using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Vector clocks as rows of numbers whose length is a multiple of <see cref="WidthUnit"/>: few processes make one machine
/// vector.
/// </summary>
internal static class Clock
{
    /// <summary>What every clock's length is a multiple of.</summary>
    public const int WidthUnit = 8;

    /// <summary>Overwrites <paramref name="target"/>, of the same length.</summary>
    public static void Copy(ReadOnlySpan<int> source, Span<int> target)
    {
        ref int from = ref MemoryMarshal.GetReference(source);
        ref int to = ref MemoryMarshal.GetReference(target);
        for (nuint i = 0; i < (nuint)target.Length; i += WidthUnit)
        {
            Vector256.LoadUnsafe(ref from, i).StoreUnsafe(ref to, i);
        }
    }

    /// <summary>The least clock that is above both.</summary>
    public static void Join(Span<int> target, ReadOnlySpan<int> other)
    {
        ref int from = ref MemoryMarshal.GetReference(other);
        ref int to = ref MemoryMarshal.GetReference(target);
        for (nuint i = 0; i < (nuint)target.Length; i += WidthUnit)
        {
            Vector256.Max(Vector256.LoadUnsafe(ref to, i), Vector256.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        }
    }
}
