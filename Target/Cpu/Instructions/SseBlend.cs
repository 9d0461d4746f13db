using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PBLENDW: word n comes from the source where bit n of the control is set.</summary>
internal readonly struct BlendWords : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        Vector128<ushort> bits = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
        Vector128<ushort> mask = Vector128.Equals(Vector128.Create((ushort)control) & bits, bits);
        return Vector128.ConditionalSelect(mask.AsByte(), right, left);
    }
}

/// <summary>BLENDPS: lane n comes from the source where bit n of the control is set.</summary>
internal readonly struct BlendSingles : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        Vector128<uint> bits = Vector128.Create(1u, 2, 4, 8);
        Vector128<uint> mask = Vector128.Equals(Vector128.Create((uint)control) & bits, bits);
        return Vector128.ConditionalSelect(mask.AsByte(), right, left);
    }
}

/// <summary>BLENDPD: lane n comes from the source where bit n of the control is set.</summary>
internal readonly struct BlendDoubles : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        Vector128<ulong> bits = Vector128.Create(1ul, 2);
        Vector128<ulong> mask = Vector128.Equals(Vector128.Create((ulong)control) & bits, bits);
        return Vector128.ConditionalSelect(mask.AsByte(), right, left);
    }
}

/// <summary>PBLENDVB (signed bytes), BLENDVPS (int), BLENDVPD (long): the sign bits of XMM0's lanes select.</summary>
internal static class BlendVariable<T>
{
    /// <summary>The source's lane where the mask's lane is negative, else the destination's.</summary>
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, Vector128<byte> mask) =>
        Vector128.ConditionalSelect(
            Vector128.LessThan(mask.As<byte, T>(), Vector128<T>.Zero).AsByte(), right, left);
}
