namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Chooses and writes ModRM, SIB and displacement.</summary>
internal static class ModRm
{
    private const int Rbx = 3, Rbp = 5, Rsi = 6, Rdi = 7;
    private const int NoIndex = 4;

    /// <summary>Chooses how memory is addressed: before REX is written, whose bits depend on it.</summary>
    public static void Choose(Dice dice, RegisterPolicy policy, ref Fields fields)
    {
        if (!fields.IsMemory)
        {
            return;
        }

        int registers = fields.CodeBits == 64 ? 15 : 7;
        fields.Rm = policy.Base(dice) & registers;
        fields.Index = policy.Operand(dice) & registers;
        int indexed = fields.IsVsib ? 100 : policy.IndexPercent;
        fields.Form = dice.Percent(indexed)
            ? (dice.Percent(85) ? AddressForm.BaseIndex : AddressForm.Index)
            : (AddressForm)dice.Weighted([70, 0, 0, 12, 18]);
        if (fields.Index == NoIndex && !fields.IsVsib && fields.Form == AddressForm.Index)
        {
            fields.Form = AddressForm.Absolute;
        }
    }

    public static void Write(Dice dice, RegisterPolicy policy, in Fields fields, ref InstructionBytes to)
    {
        int reg = (fields.Reg & 7) << 3;
        if (!fields.IsMemory)
        {
            to.Add((byte)(0xC0 | reg | (fields.Rm & 7)));
            return;
        }

        to.HasMemory = true;
        if (fields.AddressBits == 16)
        {
            Based16(dice, fields, reg, ref to);
            return;
        }

        switch (fields.Form)
        {
            case AddressForm.RipRelative when fields.CodeBits != 64:
                to.Add((byte)(reg | 5));
                to.AbsoluteAt = to.Length;
                to.AbsoluteBytes = 4;
                to.Add(0, 4);
                break;
            case AddressForm.RipRelative:
                to.Add((byte)(reg | 5));
                to.RelativeAt = to.Length;
                to.RelativeBytes = 4;
                to.Add(0, 4);
                break;
            case AddressForm.Absolute:
                to.Add((byte)(reg | 4));
                to.Add((byte)((dice.Below(4) << 6) | (NoIndex << 3) | 5));
                to.AbsoluteAt = to.Length;
                to.AbsoluteBytes = 4;
                to.Add(0, 4);
                break;
            case AddressForm.Index:
                to.Scale = dice.Below(4);
                to.Index = fields.Index;
                to.Add((byte)(reg | 4));
                to.Add((byte)((to.Scale << 6) | ((fields.Index & 7) << 3) | 5));
                to.Displacement = (int)Values.Integer(dice);
                to.Add((uint)to.Displacement, 4);
                break;
            default:
                Based(dice, policy, fields, reg, ref to);
                break;
        }
    }

    /// <summary>The forms of 16-bit addresses (SDM vol. 2, table 2-1).</summary>
    private static void Based16(Dice dice, in Fields fields, int reg, ref InstructionBytes to)
    {
        const int absolute = 6;
        int form = dice.Below(8);
        int size = dice.Below(3);
        to.Add((byte)((size << 6) | reg | form));
        if (size == 0 && form == absolute)
        {
            to.AbsoluteAt = to.Length;
            to.AbsoluteBytes = 2;
            to.Add(0, 2);
            return;
        }

        (to.Base, to.Index) = form switch
        {
            0 => (Rbx, Rsi),
            1 => (Rbx, Rdi),
            2 => (Rbp, Rsi),
            3 => (Rbp, Rdi),
            4 => (Rsi, -1),
            5 => (Rdi, -1),
            6 => (Rbp, -1),
            _ => (Rbx, -1),
        };
        to.Displacement = size == 1 ? (sbyte)dice.Word() : size == 2 ? (short)dice.Word() : 0;
        to.Add((ulong)(long)to.Displacement, size);
    }

    private static void Based(Dice dice, RegisterPolicy policy, in Fields fields, int reg, ref InstructionBytes to)
    {
        to.Base = fields.Rm;
        int low = fields.Rm & 7;
        int size = dice.Weighted(low == 5 ? [0, 70, 30] : [30, 50, 20]);
        int mod = size << 6;
        bool sib = fields.Form == AddressForm.BaseIndex || low == 4 || dice.Percent(5);
        if (!sib)
        {
            to.Add((byte)(mod | reg | low));
        }
        else
        {
            int index = fields.Form == AddressForm.BaseIndex ? fields.Index : NoIndex;
            to.Scale = dice.Below(4);
            to.Index = index == NoIndex && !fields.IsVsib ? -1 : index;
            to.Add((byte)(mod | reg | 4));
            to.Add((byte)((to.Scale << 6) | ((index & 7) << 3) | low));
        }

        bool near = !policy.Pointers.IsEmpty;
        if (size == 1)
        {
            to.Displacement = near ? (sbyte)dice.Word() / 3 : (sbyte)dice.Word();
            to.Add((byte)to.Displacement);
        }
        else if (size == 2)
        {
            to.Displacement = near ? (sbyte)dice.Word() / 3 : (int)Values.Integer(dice);
            to.Add((uint)to.Displacement, 4);
        }
    }
}
