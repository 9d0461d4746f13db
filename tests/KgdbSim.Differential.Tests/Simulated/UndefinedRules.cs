using Iced.Intel;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>What one instruction leaves undefined, and what it makes defined again.</summary>
internal static unsafe class UndefinedRules
{
    private const ulong Status = Flags.Status;

    /// <summary>x87 environment and state images show the condition codes, which Iced doesn't count as reading them.</summary>
    public static bool StoresStatus(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Fnstsw or Mnemonic.Fnstenv or Mnemonic.Fnsave or Mnemonic.Fxsave or Mnemonic.Fxsave64
        or Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec
        or Mnemonic.Xsavec64;

    public static void Apply(in Instruction instruction, CpuState* s, ref Undefined undefined)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar:
                Shift(instruction, s, ref undefined);
                break;
            case Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr:
                Rotate(instruction, s, ref undefined);
                break;
            case Mnemonic.Shld or Mnemonic.Shrd:
                DoubleShift(instruction, s, ref undefined);
                break;
            case Mnemonic.Bsf or Mnemonic.Bsr:
                // SDM: destination undefined for a zero source; APM: unchanged. It is zero if and only if ZF comes out set,
                // which is not known yet: the destination counts as undefined whenever the source register holds zero.
                Written(instruction, ref undefined);
                BitScan(instruction, s, ref undefined);
                break;
            case Mnemonic.Bswap when instruction.Op0Register.IsGPR16():
                undefined.Unusable = "BSWAP of a 16-bit register";
                break;
            case Mnemonic.Bt or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts:
                // APM vol. 3, BT: ZF undefined too; the SDM leaves it alone.
                Written(instruction, ref undefined);
                undefined.Flags |= Flags.Zf;
                break;
            case Mnemonic.Fcomi or Mnemonic.Fcomip or Mnemonic.Fucomi or Mnemonic.Fucomip:
                // SDM: OF, SF and AF cleared; APM vol. 5: not affected.
                Written(instruction, ref undefined);
                undefined.Flags |= Flags.Of | Flags.Sf | Flags.Af;
                break;
            case Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq or Mnemonic.Scasb or Mnemonic.Scasw
                or Mnemonic.Scasd or Mnemonic.Scasq:
                // With a count of zero the flags stay as they are.
                if (!instruction.HasRepPrefix && !instruction.HasRepnePrefix)
                {
                    Written(instruction, ref undefined);
                }

                break;
            case Mnemonic.Fprem or Mnemonic.Fprem1:
                Written(instruction, ref undefined);
                PartialRemainder(s, ref undefined);
                break;
            default:
                Written(instruction, ref undefined);
                break;
        }
    }

    private static void Written(in Instruction instruction, ref Undefined undefined)
    {
        RflagsBits modified = instruction.RflagsModified;
        RflagsBits lost = instruction.RflagsUndefined;
        undefined.Flags = (undefined.Flags & ~RflagsMask.Flags(modified)) | RflagsMask.Flags(lost);
        undefined.Status = (ushort)((undefined.Status & ~RflagsMask.Status(modified)) | RflagsMask.Status(lost));
    }

    /// <summary>The masked count, taken from the last operand.</summary>
    private static int Count(in Instruction instruction, CpuState* s, int width)
    {
        int operand = instruction.OpCount - 1;
        ulong count = instruction.GetOpKind(operand) == OpKind.Register
            ? s->Gpr[1]
            : instruction.GetImmediate(operand);
        return (int)count & (width == 64 ? 63 : 31);
    }

    private static int Width(in Instruction instruction) => 8 * (instruction.Op0Kind == OpKind.Register
        ? instruction.Op0Register.GetSize()
        : instruction.MemorySize.GetSize());

    /// <summary>SDM vol. 2, SAL/SAR/SHL/SHR, "Flags Affected".</summary>
    private static void Shift(in Instruction instruction, CpuState* s, ref Undefined undefined)
    {
        int width = Width(instruction);
        int count = Count(instruction, s, width);
        if (count == 0)
        {
            return;
        }

        undefined.Flags &= ~Status;
        undefined.Flags |= Flags.Af | (count > 1 ? Flags.Of : 0);
        if (count >= width && instruction.Mnemonic != Mnemonic.Sar)
        {
            undefined.Flags |= Flags.Cf;
        }
    }

    /// <summary>SDM vol. 2, RCL/RCR/ROL/ROR: only CF and OF change, OF is defined for a count of 1.</summary>
    private static void Rotate(in Instruction instruction, CpuState* s, ref Undefined undefined)
    {
        int count = Count(instruction, s, Width(instruction));
        if (count == 1)
        {
            undefined.Flags &= ~(Flags.Cf | Flags.Of);
        }
        else if (count != 0)
        {
            bool throughCarry = instruction.Mnemonic is Mnemonic.Rcl or Mnemonic.Rcr;
            undefined.Flags = (undefined.Flags & ~(throughCarry ? 0 : Flags.Cf)) | Flags.Of;
        }
    }

    /// <summary>SDM vol. 2, SHLD: a count above the operand size leaves everything undefined.</summary>
    private static void DoubleShift(in Instruction instruction, CpuState* s, ref Undefined undefined)
    {
        int width = Width(instruction);
        int count = Count(instruction, s, width);
        if (count > width)
        {
            undefined.Unusable = "double shift by more than the operand's size";
        }
        else if (count != 0)
        {
            undefined.Flags &= ~Status;
            undefined.Flags |= Flags.Af | (count > 1 ? Flags.Of : 0);
        }
    }

    private static void BitScan(in Instruction instruction, CpuState* s, ref Undefined undefined)
    {
        if (instruction.Op1Kind != OpKind.Register)
        {
            return;
        }

        ulong source = s->Gpr[instruction.Op1Register.GetFullRegister().GetNumber()];
        ulong mask = ulong.MaxValue >> (64 - Width(instruction));
        if ((source & mask) == 0)
        {
            undefined.Gpr |= 1u << instruction.Op0Register.GetFullRegister().GetNumber();
        }
    }
    /// <summary>By how much one FPREM reduces operands 64 or more binary orders apart is up to the implementation (SDM vol. 2, FPREM).</summary>
    private static void PartialRemainder(CpuState* s, ref Undefined undefined)
    {
        int top = (s->Fsw >> 11) & 7;
        int dividend = (int)s->X87[2 * top + 1] & 0x7FFF;
        int divisor = (int)s->X87[2 * ((top + 1) & 7) + 1] & 0x7FFF;
        if (dividend - Math.Max(divisor, 1) >= 64 || divisor == 0)
        {
            undefined.Unusable = "partial remainder";
        }
    }
}
