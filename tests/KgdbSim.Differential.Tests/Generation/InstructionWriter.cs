using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>
/// Writes one instruction of a wanted encoding with random operands, directly as bytes: so every way to write it is
/// reached, redundant and disregarded prefixes included.
/// </summary>
internal static class InstructionWriter
{
    private static readonly byte[] AnyPrefix = [0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65];
    private static readonly byte[] SegmentPrefix = [0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65];

    /// <param name="bits">Of the code that it is to be in: 16, 32 or 64.</param>
    /// <param name="noise">Percentage of instructions that get prefixes which they have no use for.</param>
    public static void Write(Code code, int bits, Dice dice, RegisterPolicy policy, int noise, ref InstructionBytes to)
    {
        OpCodeInfo info = code.ToOpCode();
        Fields fields = Choose(info, bits, dice, policy);
        bool noisy = dice.Percent(noise);
        Prefixes(info, dice, noisy, fields, ref to);
        if (info.Encoding == EncodingKind.VEX)
        {
            VexPrefix.Write(info, dice, fields, ref to);
        }
        else
        {
            if (bits == 64)
            {
                Rex(info, dice, noisy, fields, ref to);
            }

            Escape(info.Table, ref to);
        }

        Opcode(info, fields, ref to);
        if (fields.HasModRm)
        {
            ModRm.Write(dice, policy, fields, ref to);
        }

        Trailer(info, dice, fields, ref to);
    }

    private static Fields Choose(OpCodeInfo info, int bits, Dice dice, RegisterPolicy policy)
    {
        var fields = new Fields
        {
            AddressBits = info.AddressSize != 0 ? info.AddressSize : !dice.Percent(5) ? bits : bits == 32 ? 16 : 32,
            CodeBits = bits,
            Reg = policy.Operand(dice), Rm = policy.Operand(dice), Vvvv = -1, Is4 = -1, OpcodeRegister = -1,
            HasModRm = info.IsGroup || info.IsRmGroup,
        };
        for (int i = 0; i < info.OpCount; i++)
        {
            OpCodeOperandKind kind = info.GetOpKind(i);
            switch (OperandRoles.Of(kind))
            {
                case OperandRole.Reg:
                    fields.HasModRm = true;
                    fields.Reg = kind == OpCodeOperandKind.seg_reg && dice.Percent(90) ? dice.Below(6) : fields.Reg;
                    break;
                case OperandRole.RegOrMemory:
                    fields.HasModRm = true;
                    fields.IsMemory = dice.Percent(60);
                    break;
                case OperandRole.Rm:
                    fields.HasModRm = true;
                    break;
                case OperandRole.Memory:
                    fields.HasModRm = fields.IsMemory = true;
                    break;
                case OperandRole.Vsib:
                    fields.HasModRm = fields.IsMemory = fields.IsVsib = true;
                    break;
                case OperandRole.Opcode:
                    fields.OpcodeRegister = policy.Operand(dice) & (kind == OpCodeOperandKind.sti_opcode ? 7 : 15);
                    break;
                case OperandRole.Vvvv:
                    fields.Vvvv = policy.Operand(dice);
                    break;
                case OperandRole.Is4:
                    fields.Is4 = policy.Operand(dice);
                    break;
            }
        }

        if (info.IsGroup)
        {
            fields.Reg = info.GroupIndex;
        }

        if (info.IsRmGroup)
        {
            fields.Rm = info.RmGroupIndex;
        }

        if (bits != 64)
        {
            fields.WithoutRex();
        }

        ModRm.Choose(dice, policy, ref fields);
        return fields;
    }

    private static void Prefixes(OpCodeInfo info, Dice dice, bool noisy, in Fields fields, ref InstructionBytes to)
    {
        Span<byte> prefixes = stackalloc byte[12];
        int count = 0;
        bool legacy = info.Encoding == EncodingKind.Legacy;
        if (legacy && info.OperandSize == (fields.CodeBits == 16 ? 32 : 16))
        {
            prefixes[count++] = 0x66;
        }

        if (legacy && info.MandatoryPrefix is MandatoryPrefix.P66 or MandatoryPrefix.PF3 or MandatoryPrefix.PF2)
        {
            prefixes[count++] = info.MandatoryPrefix switch
            {
                MandatoryPrefix.P66 => 0x66,
                MandatoryPrefix.PF3 => 0xF3,
                _ => 0xF2,
            };
        }

        if (fields.AddressBits != fields.CodeBits)
        {
            prefixes[count++] = 0x67;
        }

        if (info.CanUseLockPrefix && fields.IsMemory && dice.Percent(20))
        {
            prefixes[count++] = 0xF0;
        }

        if ((info.CanUseRepPrefix || info.CanUseRepnePrefix) && dice.Percent(60))
        {
            prefixes[count++] = info.CanUseRepnePrefix && dice.Percent(50) ? (byte)0xF2 : (byte)0xF3;
        }

        if (dice.Percent(6))
        {
            prefixes[count++] = dice.Pick<byte>(SegmentPrefix);
        }

        for (int extra = noisy ? 1 + dice.Below(3) : 0; extra > 0; extra--)
        {
            prefixes[count++] = dice.Pick<byte>(AnyPrefix);
        }

        for (int i = count - 1; i > 0; i--)
        {
            int j = dice.Below(i + 1);
            (prefixes[i], prefixes[j]) = (prefixes[j], prefixes[i]);
        }

        foreach (byte prefix in prefixes[..count])
        {
            if (noisy && fields.CodeBits == 64 && dice.Percent(4))
            {
                // A REX that a legacy prefix follows is disregarded (SDM vol. 2, 2.2.1).
                to.Add((byte)(0x40 | dice.Below(16)));
            }

            to.Add(prefix);
        }
    }

    private static void Rex(OpCodeInfo info, Dice dice, bool noisy, in Fields fields, ref InstructionBytes to)
    {
        bool free = info.OperandSize == 0 || info.DefaultOpSize64 || info.ForceOpSize64;
        bool wide = (info.OperandSize == 64 && !free) || (free && dice.Percent(8)) || (noisy && dice.Percent(10));
        int rex = (wide ? 8 : 0) | fields.RexBits;
        if (rex != 0 || dice.Percent(10))
        {
            to.Add((byte)(0x40 | rex));
        }
    }

    private static void Escape(OpCodeTableKind table, ref InstructionBytes to)
    {
        if (table == OpCodeTableKind.Normal)
        {
            return;
        }

        to.Add(0x0F);
        if (table == OpCodeTableKind.T0F38)
        {
            to.Add(0x38);
        }
        else if (table == OpCodeTableKind.T0F3A)
        {
            to.Add(0x3A);
        }
    }

    private static void Opcode(OpCodeInfo info, in Fields fields, ref InstructionBytes to)
    {
        uint opcode = info.OpCode + (fields.OpcodeRegister >= 0 ? (uint)fields.OpcodeRegister & 7 : 0);
        if (info.OpCodeLength == 2)
        {
            to.Add((byte)(opcode >> 8));
        }

        to.Add((byte)opcode);
    }

    private static void Trailer(OpCodeInfo info, Dice dice, in Fields fields, ref InstructionBytes to)
    {
        for (int i = 0; i < info.OpCount; i++)
        {
            OperandRole role = OperandRoles.Of(info.GetOpKind(i));
            switch (role)
            {
                case OperandRole.Immediate1 or OperandRole.Immediate2 or OperandRole.Immediate4 or OperandRole.Immediate8:
                    Immediate(info.Code, 1 << (role - OperandRole.Immediate1), dice, ref to);
                    break;
                case OperandRole.Is4:
                    to.Add((byte)((fields.Is4 << 4) | dice.Below(16)));
                    break;
                case OperandRole.Relative1 or OperandRole.Relative2 or OperandRole.Relative4:
                    to.RelativeAt = to.Length;
                    to.RelativeBytes = 1 << (role - OperandRole.Relative1);
                    to.RelativeBranch = true;
                    to.Add(0, to.RelativeBytes);
                    break;
                case OperandRole.Offset:
                    to.HasMemory = true;
                    to.AbsoluteAt = to.Length;
                    to.AbsoluteBytes = fields.AddressBits / 8;
                    to.Add(0, to.AbsoluteBytes);
                    break;
                case OperandRole.Far2 or OperandRole.Far4:
                    to.Add(dice.Percent(60) ? (ulong)dice.Below((int)Layout.CodeBytes) : Values.CodeAddress(dice), role == OperandRole.Far2 ? 2 : 4);
                    to.Add(Placement.Selector(dice, dice.Pick<ushort>(Segments.Code(fields.CodeBits))), 2);
                    break;
            }
        }
    }

    private static void Immediate(Code code, int bytes, Dice dice, ref InstructionBytes to)
    {
        ulong value = Values.Immediate(dice, bytes);
        bool stack = code.Mnemonic() is Mnemonic.Enter or Mnemonic.Ret or Mnemonic.Retf;
        if (stack && dice.Percent(85))
        {
            value = (ulong)dice.Below(bytes == 1 ? 4 : 64);
        }

        to.Add(value, bytes);
    }
}
