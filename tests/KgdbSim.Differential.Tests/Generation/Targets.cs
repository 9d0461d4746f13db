using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Where memory operands point: mostly into the window, and often to where something ends.</summary>
internal static class Targets
{
    private const ulong CanonicalEnd = 0x8000_0000_0000;

    /// <param name="address">The window's address.</param>
    /// <param name="length">The window's bytes.</param>
    /// <param name="size">Bytes of the operand, 0 if unknown.</param>
    public static ulong Choose(Dice dice, ulong address, int length, int size)
    {
        int room = Math.Max(1, length - size + 1);
        ulong inside = address + (ulong)dice.Below(room);
        ulong near = (ulong)(dice.Below(2 * size + 3) - size);
        switch (dice.Weighted([45, 22, 9, 5, 3, 4, 3, 2, 2, 1, 1, 2, 1]))
        {
            case 0:
                ulong alignment = size > 0 && int.IsPow2(size) ? (ulong)size : 8;
                ulong aligned = (inside + alignment - 1) & ~(alignment - 1);
                return aligned + (ulong)size <= address + (ulong)length ? aligned : inside;
            case 1:
                return inside;
            case 2:
                return Layout.Data + Layout.Page - (ulong)dice.Below(size + 1);
            case 3:
                return Layout.Data + Layout.HoleOffset - near;
            case 4:
                return Layout.Data + near;
            case 5:
                return Layout.Data + Layout.ReadOnlyOffset + (ulong)dice.Below(Layout.Page);
            case 6:
                return Layout.Data + Layout.ReadOnlyOffset + near;
            case 7:
                return Layout.Code + (ulong)dice.Below((int)Layout.CodeBytes);
            case 8:
                return dice.Word() & (CanonicalEnd - 1);
            case 9:
                return CanonicalEnd + near;
            case 10:
                return ulong.MaxValue - CanonicalEnd + near;
            case 11:
                return Values.Integer(dice);
            default:
                return near;
        }
    }

    /// <summary>Where the window is put.</summary>
    public static ulong Window(Dice dice, int length) => Layout.Data + dice.Weighted([40, 20, 15, 10, 15]) switch
    {
        0 => (ulong)(Layout.Page - length / 2),
        1 => 0,
        2 => Layout.HoleOffset - (ulong)length,
        3 => Layout.ReadOnlyOffset,
        _ => (ulong)dice.Below((int)Layout.HoleOffset - length),
    };
}
