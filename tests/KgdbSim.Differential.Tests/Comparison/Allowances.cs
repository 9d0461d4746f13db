using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Comparison;

/// <summary>
/// Differences in how an instruction fails that the manuals allow, or don't speak of: each with where it was seen. Anything
/// that completes on either side is never allowed to differ.
/// </summary>
internal static class Allowances
{
    private const int InvalidOpcode = 6;
    private const int GeneralProtection = 13;
    private const int StackFault = 12;
    private const int PageFault = 14;
    private const int AlignmentCheck = 17;

    /// <summary>Why the difference doesn't count, or null.</summary>
    /// <param name="last">The instruction that our run ended with.</param>
    /// <param name="code">The snippet's bytes from that instruction on.</param>
    public static string? Reason(
        in Instruction last, ReadOnlySpan<byte> code, Outcome expected, Outcome got, IReadOnlyList<Difference> differences)
    {
        bool onlyEnd = differences.Count == 1 && differences[0].What == "end";
        bool bothFault = onlyEnd && IsMemoryFault(expected.Trap) && IsMemoryFault(got.Trap);
        if (bothFault && SeveralAccesses(last.Mnemonic))
        {
            return "which of several faults comes first";
        }

        if (last.IsInvalid && onlyEnd
            && expected.Trap is InvalidOpcode or GeneralProtection && got.Trap is InvalidOpcode or GeneralProtection)
        {
            // SDM vol. 3, table 6-2, has "instruction length > 15 bytes" and "invalid opcode" in one class.
            return "too long or undefined";
        }

        if (last.IsInvalid && got.Trap == InvalidOpcode && IsLockedSegmentTest(code))
        {
            // APM vol. 3, 1.2.5: #UD. Zen 4 disregards the prefix, and may then fault as the instruction does.
            return "LOCK before VERR or VERW";
        }

        bool halfDone = expected.Trap == got.Trap && IsMemoryFault(got.Trap);
        foreach (Difference difference in differences)
        {
            halfDone &= IsHalfDone(last, difference);
        }

        return halfDone ? "what was done before the fault" : null;
    }

    /// <summary>
    /// The manuals tell in which order several values are pushed and popped, not what of them stands if a later one faults.
    /// Here nothing does; in the end it can't be told, for the instruction does it all again.
    /// </summary>
    private static bool IsHalfDone(in Instruction last, Difference difference) => last.Mnemonic switch
    {
        Mnemonic.Call => difference.Kind == "memory" && (last.IsCallFar || last.IsCallFarIndirect),
        Mnemonic.Pusha or Mnemonic.Pushad => difference.Kind == "memory",
        Mnemonic.Popa or Mnemonic.Popad => difference.Kind == "gpr",
        _ => false,
    };

    private static bool IsMemoryFault(int trap) => trap is StackFault or GeneralProtection or PageFault or AlignmentCheck;

    /// <summary>
    /// Instructions that touch memory in more than one place, or at both ends of a long operand: the manuals don't order it.
    /// </summary>
    private static bool SeveralAccesses(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq or Mnemonic.Maskmovdqu or Mnemonic.Call
        or Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq or Mnemonic.Retf
        or Mnemonic.Fnstenv or Mnemonic.Fldenv or Mnemonic.Fnsave or Mnemonic.Frstor
        or Mnemonic.Fbld or Mnemonic.Fbstp or Mnemonic.Fld or Mnemonic.Fstp or Mnemonic.Jmp
        or Mnemonic.Lds or Mnemonic.Les or Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lss
        or Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64;

    private static bool IsLockedSegmentTest(ReadOnlySpan<byte> code)
    {
        int at = 0;
        while (at < code.Length && code[at] is 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65
            or (>= 0x40 and < 0x50))
        {
            at++;
        }

        ReadOnlySpan<byte> opcode = code[at..];
        return code[..at].Contains((byte)0xF0) && opcode.Length >= 3 && opcode[0] == 0x0F && opcode[1] == 0 && ((opcode[2] >> 3) & 7) is 4 or 5;
    }
}
