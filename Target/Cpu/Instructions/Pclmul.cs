using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>PCLMULQDQ: the 128-bit carry-less product of one quadword of each operand.</summary>
internal readonly struct CarrylessMultiply : IVectorBinaryImmediate
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte control)
    {
        // Bit 0 chooses the destination's quadword, bit 4 the source's; the other bits are ignored.
        ulong a = left.AsUInt64().GetElement(control & 1);
        ulong b = right.AsUInt64().GetElement((control >> 4) & 1);
        return Pclmulqdq.IsSupported
            ? Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(a), Vector128.CreateScalar(b), 0).AsByte()
            : Portable(a, b);
    }

    /// <summary>The same by shift and add, for hosts without the instruction.</summary>
    internal static Vector128<byte> Portable(ulong a, ulong b)
    {
        ulong low = 0, high = 0;
        for (int i = 0; i < 64; i++)
        {
            ulong mask = 0 - ((b >> i) & 1);
            low ^= (a << i) & mask;
            high ^= (a >> 1 >> (63 - i)) & mask;
        }

        return Vector128.Create(low, high).AsByte();
    }
}
