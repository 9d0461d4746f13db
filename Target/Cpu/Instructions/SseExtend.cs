using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PMOVSXBW.</summary>
internal readonly struct SignExtendByteToWord : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source.AsSByte()).AsByte();
}

/// <summary>PMOVSXBD.</summary>
internal readonly struct SignExtendByteToDoubleword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(source.AsSByte())).AsByte();
}

/// <summary>PMOVSXBQ.</summary>
internal readonly struct SignExtendByteToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(source.AsSByte()))).AsByte();
}

/// <summary>PMOVSXWD.</summary>
internal readonly struct SignExtendWordToDoubleword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source.AsInt16()).AsByte();
}

/// <summary>PMOVSXWQ.</summary>
internal readonly struct SignExtendWordToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(source.AsInt16())).AsByte();
}

/// <summary>PMOVSXDQ.</summary>
internal readonly struct SignExtendDoublewordToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source.AsInt32()).AsByte();
}

/// <summary>PMOVZXBW.</summary>
internal readonly struct ZeroExtendByteToWord : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source).AsByte();
}

/// <summary>PMOVZXBD.</summary>
internal readonly struct ZeroExtendByteToDoubleword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(source)).AsByte();
}

/// <summary>PMOVZXBQ.</summary>
internal readonly struct ZeroExtendByteToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(source))).AsByte();
}

/// <summary>PMOVZXWD.</summary>
internal readonly struct ZeroExtendWordToDoubleword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source.AsUInt16()).AsByte();
}

/// <summary>PMOVZXWQ.</summary>
internal readonly struct ZeroExtendWordToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) =>
        Vector128.WidenLower(Vector128.WidenLower(source.AsUInt16())).AsByte();
}

/// <summary>PMOVZXDQ.</summary>
internal readonly struct ZeroExtendDoublewordToQuadword : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => Vector128.WidenLower(source.AsUInt32()).AsByte();
}
