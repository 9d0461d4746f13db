using Iced.Intel;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>
/// Instructions with which a processor does what the manuals leave open or don't tell of: whoever meets one has nothing to
/// compare. Found on an AMD Zen 4.
/// </summary>
internal static unsafe class Peculiarities
{
    private const ulong CanonicalHigh = 0xFFFF_8000_0000_0000;
    private const int Rsi = 6;
    private const uint MxcsrMisaligned = 1 << 17;

    /// <summary>Why what the instruction does next says nothing, or null.</summary>
    public static string? Reason(in Instruction instruction, CpuState* s)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Call when !s->Is64Bit && !s->Ss.Big && (instruction.IsCallFar || instruction.IsCallFarIndirect):
                // It may lead to 64-bit mode, and push there: arch/x86/entry/entry_64.S, espfix.
                return "64-bit mode with a 16-bit stack segment";
            case Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq
                when instruction.MemoryBase.GetSize() == 2 || instruction.MemoryIndex.GetSize() == 2:
                // An element beyond 64 KiB: a Zen 4 wraps each element's address, though no other operand's.
                return "masked elements by 16-bit addresses";
            case Mnemonic.Loope or Mnemonic.Loopne when instruction.HasRepPrefix || instruction.HasRepnePrefix:
                // SDM vol. 2, 2.1.1: F2 and F3 are reserved there. On AMD they choose the condition, whatever the opcode says.
                return "LOOPcc with a repeat prefix";
            case Mnemonic.Movsxd when instruction.Op0Register.IsGPR16() && instruction.Op1Kind == OpKind.Memory:
                // SDM vol. 2, MOVSXD: m16, and discouraged; on AMD 32 bits are read.
                return "MOVSXD of a 16-bit operand in memory";
            case Mnemonic.Punpcklbw or Mnemonic.Punpcklwd or Mnemonic.Punpckldq or Mnemonic.Punpcklqdq
                or Mnemonic.Unpcklps or Mnemonic.Unpcklpd or Mnemonic.Psllw or Mnemonic.Pslld or Mnemonic.Psllq
                or Mnemonic.Psrlw or Mnemonic.Psrld or Mnemonic.Psrlq or Mnemonic.Psraw or Mnemonic.Psrad
                when (s->Mxcsr & MxcsrMisaligned) != 0 && Reads16(instruction):
                // SDM vol. 2, PUNPCKLBW: "an implementation may fetch only the appropriate 64 bits".
                return "half of a misaligned 16-byte operand";
            case Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq
                when instruction.MemoryBase.IsGPR32() || instruction.MemoryBase == Register.EIP || instruction.MemoryIndex.IsGPR32()
                    || (instruction.MemoryBase == Register.None && instruction.MemoryDisplSize == 4):
                // On AMD each element's own offset is cut to the address size.
                return "masked elements around the end of 32-bit offsets";
            case >= Mnemonic.Vgatherdpd and <= Mnemonic.Vgatherqps or Mnemonic.Vpgatherdd or Mnemonic.Vpgatherdq
                or Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq when (s->SystemFlags & Flags.Tf) != 0:
                // SDM vol. 2, VPGATHERDD: a trap from an element already gathered is delivered in lieu of a later one's fault.
                return "a gather under single-step";
            default:
                return s->Is64Bit && instruction.SegmentPrefix is Register.FS or Register.GS && OffsetNotCanonical(instruction, s)
                    ? "a segment base that makes an address canonical"
                    : null;
        }
    }

    private static bool Reads16(in Instruction instruction) =>
        instruction.Op1Kind == OpKind.Memory && instruction.Op0Register.IsXMM();

    /// <summary>
    /// SDM vol. 1, 3.3.7.1, and APM vol. 2, 5.3.1 want the linear address to be canonical. Zen 4 wants the offset to be so
    /// too: seen just below the high half, which GS's base leads into.
    /// </summary>
    private static bool OffsetNotCanonical(in Instruction instruction, CpuState* s)
    {
        ulong segmentBase = instruction.SegmentPrefix == Register.GS ? s->Gs.Base : s->Fs.Base;
        ulong offset = instruction.IsStringInstruction
            ? s->Gpr[Rsi]
            : Number(instruction.MemoryBase, s)
                + Number(instruction.MemoryIndex, s) * (ulong)instruction.MemoryIndexScale + instruction.MemoryDisplacement64;
        return offset < CanonicalHigh && offset + segmentBase + 64 >= CanonicalHigh;
    }

    private static ulong Number(Register register, CpuState* s) =>
        register.IsGPR64() ? s->Gpr[register.GetNumber()]
        : register.IsGPR32() ? (uint)s->Gpr[register.GetNumber()]
        : 0;
}
