using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// FOP, the last x87 opcode. As on processors since the Pentium 4 it is recorded only by an instruction with an
/// unmasked exception (SDM vol. 1, section 8.1.9.1), so that it can be read again from memory then.
/// </summary>
internal static unsafe class X87Opcode
{
    private const int PrefixesMax = 13;

    /// <summary>
    /// The low three bits of the first opcode byte and the second one, 11 bits together; 0 if the instruction is no
    /// longer there.
    /// </summary>
    public static ushort Of(CpuCore cpu, DecodedOp* op)
    {
        ulong linear = cpu.State->Cs.Base + op->Rip;
        for (int i = 0; i < PrefixesMax; i++)
        {
            byte value = Byte(cpu, linear + (ulong)i);
            if ((value & 0xF8) == 0xD8)
            {
                return (ushort)(((value & 7) << 8) | Byte(cpu, linear + (ulong)i + 1));
            }
        }

        return 0;
    }

    private static byte Byte(CpuCore cpu, ulong linear) => cpu.Mmu.Peek(linear, out ulong physical)
        ? cpu.Memory.ReadablePage(physical >> PhysicalPage.Shift)[physical & PhysicalPage.OffsetMask]
        : (byte)0;
}
