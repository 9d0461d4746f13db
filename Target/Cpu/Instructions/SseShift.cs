using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// A pure leaf that shifts every lane by one count. The count is unsigned and 64 bits wide: an immediate byte, or the
/// low quadword of an XMM operand (SDM vol. 2B, PSLLW). It is not taken modulo the lane's width.
/// </summary>
internal interface IVectorShift
{
    /// <summary>The new destination.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> value, ulong count);
}

/// <summary>PSLLW, PSLLD, PSLLQ: zero from the lane's width upwards.</summary>
internal readonly struct PackedShiftLeft<T> : IVectorShift
{
    public static Vector128<byte> Apply(Vector128<byte> value, ulong count) =>
        count < (ulong)Unsafe.SizeOf<T>() * 8
            ? (value.As<byte, T>() << (int)count).AsByte()
            : Vector128<byte>.Zero;
}

/// <summary>PSRLW, PSRLD, PSRLQ: zero from the lane's width upwards.</summary>
internal readonly struct PackedShiftRight<T> : IVectorShift
{
    public static Vector128<byte> Apply(Vector128<byte> value, ulong count) =>
        count < (ulong)Unsafe.SizeOf<T>() * 8
            ? (value.As<byte, T>() >>> (int)count).AsByte()
            : Vector128<byte>.Zero;
}

/// <summary>PSRAW, PSRAD: copies of the sign from the lane's width upwards. The lane type is signed.</summary>
internal readonly struct PackedShiftRightArithmetic<T> : IVectorShift
{
    public static Vector128<byte> Apply(Vector128<byte> value, ulong count)
    {
        ulong last = ((ulong)Unsafe.SizeOf<T>() * 8) - 1;
        return (value.As<byte, T>() >> (int)Math.Min(count, last)).AsByte();
    }
}

/// <summary>PSLLDQ: the whole register by bytes.</summary>
internal readonly struct ByteShiftLeft : IVectorShift
{
    public static Vector128<byte> Apply(Vector128<byte> value, ulong count) =>
        Vector128.Shuffle(value, Vector128<byte>.Indices - Vector128.Create((byte)Math.Min(count, 16)));
}

/// <summary>PSRLDQ: the whole register by bytes.</summary>
internal readonly struct ByteShiftRight : IVectorShift
{
    public static Vector128<byte> Apply(Vector128<byte> value, ulong count) =>
        Vector128.Shuffle(value, Vector128<byte>.Indices + Vector128.Create((byte)Math.Min(count, 16)));
}

/// <summary>PALIGNR: bytes [n, n+16) of destination:source, with zeros above them.</summary>
internal readonly struct AlignRight : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        // Indices outside 0-15 select zero, so each operand supplies only the bytes that lie in it.
        Vector128<byte> index = Vector128<byte>.Indices + Vector128.Create((byte)Math.Min((int)control, 32));
        return Vector128.Shuffle(right, index) | Vector128.Shuffle(left, index - Vector128.Create((byte)16));
    }
}
