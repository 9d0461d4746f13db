using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// FOP, the last x87 opcode. Intel's processors since the Pentium 4 record only that of an instruction with an unmasked
/// exception (SDM vol. 1, section 8.1.9.1); AMD's record every one that sets the instruction pointer (APM vol. 1, 6.2.5).
/// </summary>
internal static unsafe class X87Opcode
{
    /// <summary>
    /// Of an x87 instruction's bytes the low three bits of the first opcode byte and the second one, 11 bits together; null
    /// if they are no x87 instruction's. The decoder puts it into <see cref="DecodedOp.Imm"/>, which these don't use.
    /// </summary>
    public static ushort? In(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length - 1 && IsPrefix(bytes[at]))
        {
            at++;
        }

        return at < bytes.Length - 1 && (bytes[at] & 0xF8) == 0xD8 ? (ushort)(((bytes[at] & 7) << 8) | bytes[at + 1]) : null;
    }

    /// <summary>An instruction becomes the last one.</summary>
    public static void Note(CpuCore cpu, DecodedOp* op)
    {
        if (cpu.Model.Vendor == CpuVendor.Amd)
        {
            cpu.State->Fop = (ushort)op->Imm;
        }
    }

    // Outside 64-bit mode 40..4F are instructions, but of one byte: what they lead is no x87 instruction.
    private static bool IsPrefix(byte value) =>
        value is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or (>= 0x40 and < 0x50);
}
