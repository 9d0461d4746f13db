using System.Numerics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// CRC32: folds an operand into a CRC with the polynomial 11EDC6F41h, bit-reflected (SDM vol. 2A). Only the low 32 bits
/// of the destination go in, and the result is zero-extended, also with REX.W. No flags change.
/// </summary>
internal static class Crc32Accumulate
{
    public static uint Byte(uint crc, byte data) => BitOperations.Crc32C(crc, data);

    public static uint Word(uint crc, ushort data) => BitOperations.Crc32C(crc, data);

    public static uint Doubleword(uint crc, uint data) => BitOperations.Crc32C(crc, data);

    public static uint Quadword(uint crc, ulong data) => BitOperations.Crc32C(crc, data);
}
