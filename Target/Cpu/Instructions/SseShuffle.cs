using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PSHUFB: bit 7 of an index clears the byte, its low four bits select.</summary>
internal readonly struct ShuffleBytes : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Shuffle(left, right & Vector128.Create((byte)0x8F));
}

/// <summary>PSHUFD.</summary>
internal readonly struct ShuffleDoublewords : IVectorUnaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> source, byte control) =>
        Vector128.Shuffle(source.AsUInt32(), ShuffleControl.Doublewords(control)).AsByte();
}

/// <summary>PSHUFLW: permutes the low four words.</summary>
internal readonly struct ShuffleLowWords : IVectorUnaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> source, byte control) =>
        Vector128.Create(ShuffleControl.Words(source.GetLower(), control), source.GetUpper());
}

/// <summary>PSHUFHW: permutes the high four words.</summary>
internal readonly struct ShuffleHighWords : IVectorUnaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> source, byte control) =>
        Vector128.Create(source.GetLower(), ShuffleControl.Words(source.GetUpper(), control));
}

/// <summary>SHUFPS: two lanes of the destination, then two of the source.</summary>
internal readonly struct ShuffleSingles : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        Vector128<uint> index = ShuffleControl.Doublewords(control);
        return Vector128.Create(
            Vector128.Shuffle(left.AsUInt32(), index).GetLower(),
            Vector128.Shuffle(right.AsUInt32(), index).GetUpper()).AsByte();
    }
}

/// <summary>SHUFPD: one lane of the destination, then one of the source.</summary>
internal readonly struct ShuffleDoubles : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control) =>
        Vector128.Create(
            (control & 1) != 0 ? left.GetUpper() : left.GetLower(),
            (control & 2) != 0 ? right.GetUpper() : right.GetLower());
}

/// <summary>MOVSLDUP: even singles, each twice.</summary>
internal readonly struct DuplicateEvenSingles : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.Shuffle(source.AsUInt32(), Vector128.Create(0u, 0, 2, 2)).AsByte();
}

/// <summary>MOVSHDUP: odd singles, each twice.</summary>
internal readonly struct DuplicateOddSingles : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.Shuffle(source.AsUInt32(), Vector128.Create(1u, 1, 3, 3)).AsByte();
}

/// <summary>MOVDDUP: the low double twice.</summary>
internal readonly struct DuplicateLowDouble : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.Create(source.GetLower(), source.GetLower());
}

/// <summary>Turns a control byte of four 2-bit selectors into lane indices.</summary>
file static class ShuffleControl
{
    public static Vector128<uint> Doublewords(byte control)
    {
        uint c = control;
        return Vector128.Create(c & 3, (c >> 2) & 3, (c >> 4) & 3, c >> 6);
    }

    public static Vector64<byte> Words(Vector64<byte> half, byte control)
    {
        ulong words = half.AsUInt64().ToScalar();
        ulong result = 0;
        for (int lane = 0; lane < 4; lane++)
        {
            ulong word = (words >> (((control >> (2 * lane)) & 3) * 16)) & 0xFFFF;
            result |= word << (16 * lane);
        }

        return Vector64.CreateScalar(result).AsByte();
    }
}
