namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Chooses and writes ModRM, SIB and displacement.</summary>
internal static class ModRm
{
    private const int NoIndex = 4;

    /// <summary>Chooses how memory is addressed: before REX is written, whose bits depend on it.</summary>
    public static void Choose(Dice dice, RegisterPolicy policy, ref Fields fields)
    {
        if (!fields.IsMemory)
        {
            return;
        }

        fields.Rm = policy.Base(dice);
        fields.Index = policy.Operand(dice);
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
        switch (fields.Form)
        {
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
