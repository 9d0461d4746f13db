using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// A pure leaf from one 128-bit source to the destination. Faults, alignment, loads and write-back are common code.
/// </summary>
internal interface IVectorUnary
{
    /// <summary>The new destination.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source);
}

/// <summary>A pure leaf from the destination's old value and one 128-bit source to the destination.</summary>
internal interface IVectorBinary
{
    /// <summary>The new destination; <paramref name="left"/> is its old value (the manual's SRC1).</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right);
}

/// <summary>As <see cref="IVectorUnary"/>, controlled by an immediate byte.</summary>
internal interface IVectorUnaryImmediate
{
    /// <summary>The new destination; every value of <paramref name="control"/> is valid.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source, byte control);
}

/// <summary>As <see cref="IVectorBinary"/>, controlled by an immediate byte.</summary>
internal interface IVectorBinaryImmediate
{
    /// <summary>The new destination; every value of <paramref name="control"/> is valid.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control);
}
