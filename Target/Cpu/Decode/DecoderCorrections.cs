using Iced.Intel;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>Where processors decode otherwise than Iced.</summary>
internal static class DecoderCorrections
{
    private const byte RepPrefix = 0xF3;

    /// <summary>DS, which means nothing to an instruction without a memory operand.</summary>
    private const byte IdlePrefix = 0x3E;

    /// <summary>
    /// F3 REX.B 90 is XCHG r8, rAX: PAUSE is only 90 itself (SDM vol. 2, "PAUSE": F3 90). Iced calls both PAUSE.
    /// </summary>
    public static bool IsExchange(in Instruction instruction, ReadOnlySpan<byte> bytes) =>
        instruction.Code == Code.Pause && instruction.Length >= 3 && (bytes[instruction.Length - 2] & 0xF1) == 0x41;

    /// <summary>The bytes of such an instruction so that Iced sees it: with something idle in the place of F3.</summary>
    public static void WithoutRepeat(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        bytes.CopyTo(to);
        to[..bytes.Length].Replace(RepPrefix, IdlePrefix);
    }

    /// <summary>
    /// Notes a REX.W of a far CALL, which Iced disregards where it doesn't widen the pointer: on AMD's processors.
    /// </summary>
    public static unsafe void NoteWideFarCall(in Instruction instruction, ReadOnlySpan<byte> bytes, DecodedOp* op)
    {
        int opcode = bytes.IndexOf((byte)0xFF);
        if (instruction.Code == Code.Call_m1632 && opcode > 0 && (bytes[opcode - 1] & 0xF8) == 0x48)
        {
            op->Imm = 1;
        }
    }

    /// <summary>What <see cref="NoteWideFarCall"/> noted.</summary>
    public static unsafe bool IsWideFarCall(DecodedOp* op) => op->K0 == OperandKind.Memory && op->Imm != 0;

    /// <summary>
    /// AMD's prefetches have no register form (APM vol. 3, "PREFETCHlevel", "PREFETCH": #UD where ModRM.mod is 11b); on Intel
    /// processors it is a NOP.
    /// </summary>
    public static bool IsUndefined(CpuModel model, in Instruction instruction) =>
        model.Vendor == CpuVendor.Amd
        && instruction.Code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D
        && instruction.Op0Kind == OpKind.Register;
}
