using System.Runtime.Intrinsics;
using HostAes = System.Runtime.Intrinsics.X86.Aes;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>AESENC: one round of encryption, <c>right</c> being the round key.</summary>
internal readonly struct AesEncrypt : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        HostAes.IsSupported ? HostAes.Encrypt(left, right) : Portable(left, right);

    internal static Vector128<byte> Portable(Vector128<byte> state, Vector128<byte> key) =>
        AesRound.MixColumns(AesRound.SubstituteForward(AesRound.ShiftRows(state))) ^ key;
}

/// <summary>AESENCLAST: the last round, without MixColumns.</summary>
internal readonly struct AesEncryptLast : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        HostAes.IsSupported ? HostAes.EncryptLast(left, right) : Portable(left, right);

    internal static Vector128<byte> Portable(Vector128<byte> state, Vector128<byte> key) =>
        AesRound.SubstituteForward(AesRound.ShiftRows(state)) ^ key;
}

/// <summary>AESDEC: one round of the equivalent inverse cipher.</summary>
internal readonly struct AesDecrypt : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        HostAes.IsSupported ? HostAes.Decrypt(left, right) : Portable(left, right);

    internal static Vector128<byte> Portable(Vector128<byte> state, Vector128<byte> key) =>
        AesRound.InverseMixColumns(AesRound.SubstituteInverse(AesRound.InverseShiftRows(state))) ^ key;
}

/// <summary>AESDECLAST: the last round of the inverse cipher.</summary>
internal readonly struct AesDecryptLast : IVectorBinary
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right) =>
        HostAes.IsSupported ? HostAes.DecryptLast(left, right) : Portable(left, right);

    internal static Vector128<byte> Portable(Vector128<byte> state, Vector128<byte> key) =>
        AesRound.SubstituteInverse(AesRound.InverseShiftRows(state)) ^ key;
}

/// <summary>AESIMC: InverseMixColumns of a round key.</summary>
internal readonly struct AesInverseMixColumns : IVectorUnary
{
    public static Vector128<byte> Apply(Vector128<byte> source) => AesRound.InverseMixColumns(source);
}

/// <summary>AESKEYGENASSIST: SubWord of doublewords 1 and 3, plain and rotated with the round constant.</summary>
internal readonly struct AesKeyGenerationAssist : IVectorUnaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> source, byte control)
    {
        uint x1 = AesRound.SubstituteWord(source.AsUInt32().GetElement(1));
        uint x3 = AesRound.SubstituteWord(source.AsUInt32().GetElement(3));
        return Vector128.Create(
            x1, uint.RotateRight(x1, 8) ^ control, x3, uint.RotateRight(x3, 8) ^ control).AsByte();
    }
}
