using Iced.Intel;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Writes a VEX prefix, in two bytes where that is possible and the dice say so (SDM vol. 2, 2.3).</summary>
internal static class VexPrefix
{
    public static void Write(OpCodeInfo info, Dice dice, in Fields fields, ref InstructionBytes to)
    {
        int map = info.Table switch
        {
            OpCodeTableKind.T0F => 1,
            OpCodeTableKind.T0F38 => 2,
            _ => 3,
        };
        int pp = info.MandatoryPrefix switch
        {
            MandatoryPrefix.P66 => 1,
            MandatoryPrefix.PF3 => 2,
            MandatoryPrefix.PF2 => 3,
            _ => 0,
        };
        uint w = info.IsWIG ? (uint)dice.Below(2) : info.W;
        uint l = info.IsLIG ? (uint)dice.Below(2) : info.L;
        int vvvv = fields.Vvvv >= 0 ? fields.Vvvv : dice.Percent(3) ? dice.Below(16) : 0;
        int rex = fields.RexBits;
        int last = ((~vvvv & 15) << 3) | (int)(l << 2) | pp;
        if (map == 1 && w == 0 && (rex & 3) == 0 && dice.Percent(70))
        {
            to.Add(0xC5);
            to.Add((byte)(((~rex & 4) << 5) | last));
            return;
        }

        to.Add(0xC4);
        to.Add((byte)(((~rex & 7) << 5) | map));
        to.Add((byte)((w << 7) | (uint)last));
    }
}
