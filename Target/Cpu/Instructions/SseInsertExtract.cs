using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PINSRB/W/D/Q, PEXTRB/W/D/Q, EXTRACTPS. The lane type is unsigned.</summary>
internal static class VectorLane<T>
{
    private static int Select(byte control) => control & (Vector128<T>.Count - 1);

    /// <summary>The lane chosen by the control's low bits; the others are ignored.</summary>
    public static T Extract(Vector128<byte> source, byte control) => source.As<byte, T>().GetElement(Select(control));

    /// <summary>The vector with the lane chosen by the control's low bits replaced.</summary>
    public static Vector128<byte> Insert(Vector128<byte> target, T value, byte control) =>
        target.As<byte, T>().WithElement(Select(control), value).AsByte();
}

/// <summary>INSERTPS (SDM vol. 2A).</summary>
internal static class InsertSingle
{
    /// <summary>
    /// Puts <paramref name="value"/> into the lane named by bits 5:4 and then clears the lanes named by bits 3:0. From
    /// a register the value is the lane named by bits 7:6; from memory the doubleword there, and bits 7:6 are ignored.
    /// </summary>
    public static Vector128<byte> Apply(Vector128<byte> left, uint value, byte control)
    {
        Vector128<uint> bits = Vector128.Create(1u, 2, 4, 8);
        Vector128<uint> clear = Vector128.Equals(Vector128.Create((uint)control) & bits, bits);
        Vector128<uint> inserted = left.AsUInt32().WithElement((control >> 4) & 3, value);
        return Vector128.AndNot(inserted, clear).AsByte();
    }

    /// <summary>The lane of a register operand that the control's bits 7:6 name.</summary>
    public static uint SelectSource(Vector128<byte> source, byte control) =>
        source.AsUInt32().GetElement(control >> 6);
}

/// <summary>PMOVMSKB, MOVMSKPS, MOVMSKPD: the sign bits, zero-extended to the destination register.</summary>
internal static class SignMask<T>
{
    /// <summary>Bit n is the sign of lane n.</summary>
    public static uint Extract(Vector128<byte> source) => source.As<byte, T>().ExtractMostSignificantBits();
}
