using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The even and the odd lanes of two vectors, the destination's first.</summary>
file static class Pairs
{
    public static Vector128<short> EvenWords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt32(), right.AsInt32());

    public static Vector128<short> OddWords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt32() >> 16, right.AsInt32() >> 16);

    public static Vector128<int> EvenDoublewords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt64(), right.AsInt64());

    public static Vector128<int> OddDoublewords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt64() >>> 32, right.AsInt64() >>> 32);
}

/// <summary>PHADDW.</summary>
internal readonly struct PackedHorizontalAddWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (Pairs.EvenWords(left, right) + Pairs.OddWords(left, right)).AsByte();
}

/// <summary>PHADDD.</summary>
internal readonly struct PackedHorizontalAddDoublewords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (Pairs.EvenDoublewords(left, right) + Pairs.OddDoublewords(left, right)).AsByte();
}

/// <summary>PHADDSW.</summary>
internal readonly struct PackedHorizontalAddSaturate : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.AddSaturate(Pairs.EvenWords(left, right), Pairs.OddWords(left, right)).AsByte();
}

/// <summary>PHSUBW: the even lane minus the odd one.</summary>
internal readonly struct PackedHorizontalSubtractWords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (Pairs.EvenWords(left, right) - Pairs.OddWords(left, right)).AsByte();
}

/// <summary>PHSUBD: the even lane minus the odd one.</summary>
internal readonly struct PackedHorizontalSubtractDoublewords : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        (Pairs.EvenDoublewords(left, right) - Pairs.OddDoublewords(left, right)).AsByte();
}

/// <summary>PHSUBSW: the even lane minus the odd one.</summary>
internal readonly struct PackedHorizontalSubtractSaturate : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.SubtractSaturate(Pairs.EvenWords(left, right), Pairs.OddWords(left, right)).AsByte();
}

/// <summary>PSADBW: the sum of eight absolute byte differences in each quadword.</summary>
internal readonly struct PackedSumAbsoluteDifferences : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.SumAbsoluteDifferences(left, right).AsByte();
        }

        Vector128<byte> difference = Vector128.Max(left, right) - Vector128.Min(left, right);
        return Vector128.Create(
            (ulong)Vector128.Sum(Vector128.WidenLower(difference)),
            Vector128.Sum(Vector128.WidenUpper(difference))).AsByte();
    }
}

/// <summary>MPSADBW (SDM vol. 2B): sums of four differences, one source block sliding over the destination.</summary>
internal readonly struct PackedMultipleSums : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        int leftStart = (control & 4) != 0 ? 4 : 0;
        int rightStart = (control & 3) * 4;
        Vector128<ushort> result = default;
        for (int lane = 0; lane < 8; lane++)
        {
            int sum = 0;
            for (int i = 0; i < 4; i++)
            {
                sum += Math.Abs(left[leftStart + lane + i] - right[rightStart + i]);
            }

            result = result.WithElement(lane, (ushort)sum);
        }

        return result.AsByte();
    }
}

/// <summary>PHMINPOSUW: the smallest unsigned word, and the lowest index it stands at; the rest becomes 0.</summary>
internal readonly struct PackedMinimumPosition : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source)
    {
        Vector128<ushort> words = source.AsUInt16();
        int best = 0;
        for (int lane = 1; lane < 8; lane++)
        {
            if (words[lane] < words[best])
            {
                best = lane;
            }
        }

        return Vector128.CreateScalar((uint)words[best] | ((uint)best << 16)).AsByte();
    }
}
