using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Values worth trying: those at which results, flags and rounding change, beside plain random ones.</summary>
internal static class Values
{
    private static readonly ulong[] Doubles =
    [
        0, 0x8000_0000_0000_0000, 1, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x3FF0_0000_0000_0000,
        0xBFF0_0000_0000_0000, 0x3FE0_0000_0000_0000, 0x3FDF_FFFF_FFFF_FFFF, 0x4000_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF,
        0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001,
        0xFFF7_FFFF_FFFF_FFFF, 0x41DF_FFFF_FFC0_0000, 0x41E0_0000_0000_0000, 0xC1E0_0000_0000_0000, 0x43E0_0000_0000_0000,
        0xC3E0_0000_0000_0000, 0x43DF_FFFF_FFFF_FFFF, 0x36A0_0000_0000_0000, 0x380F_FFFF_F000_0000, 0x47EF_FFFF_F000_0000,
    ];

    private static readonly uint[] Singles =
    [
        0, 0x8000_0000, 1, 0x8000_0001, 0x007F_FFFF, 0x0080_0000, 0x3F80_0000, 0xBF80_0000, 0x3F00_0000, 0x3EFF_FFFF,
        0x4000_0000, 0x7F7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFFBF_FFFF,
        0x4EFF_FFFF, 0x4F00_0000, 0xCF00_0000, 0x5F00_0000, 0xDF00_0000, 0x4B7F_FFFF, 0x4B80_0000,
    ];

    /// <summary>A general register's value.</summary>
    public static ulong Integer(Dice dice)
    {
        switch (dice.Weighted([30, 15, 15, 12, 8, 20]))
        {
            case 0:
                return dice.Word();
            case 1:
                return (ulong)dice.Below(256);
            case 2:
                // All ones or a single one, shifted.
                return (dice.Percent(50) ? ulong.MaxValue : 1) << dice.Below(64);
            case 3:
                return ulong.MaxValue >> dice.Below(64);
            case 4:
                return (ulong)(sbyte)dice.Below(256);
            default:
                int width = 8 << dice.Below(4);
                ulong edge = (ulong)dice.Below(5) - 2 + (dice.Percent(50) ? 1UL << (width - 1) : 0);
                return dice.Percent(50) ? edge : edge | (dice.Word() << (width & 63));
        }
    }

    /// <summary>An immediate or displacement of so many bytes.</summary>
    public static ulong Immediate(Dice dice, int bytes) => Integer(dice) & (ulong.MaxValue >> (64 - 8 * bytes));

    public static ulong Double(Dice dice) => dice.Weighted([40, 15, 25, 20]) switch
    {
        0 => dice.Pick(Doubles),
        1 => dice.Word(),
        2 => (ulong)BitConverter.DoubleToInt64Bits((int)dice.Word() / (double)(1 << dice.Below(24))),
        _ => (dice.Word() & 0x800F_FFFF_FFFF_FFFF) | ((ulong)(1023 - 40 + dice.Below(80)) << 52),
    };

    public static uint Single(Dice dice) => dice.Weighted([40, 15, 25, 20]) switch
    {
        0 => dice.Pick(Singles),
        1 => (uint)dice.Word(),
        2 => BitConverter.SingleToUInt32Bits((short)dice.Word() / (float)(1 << dice.Below(12))),
        _ => ((uint)dice.Word() & 0x807F_FFFF) | ((uint)(127 - 30 + dice.Below(60)) << 23),
    };

    /// <summary>Two words that may be floating-point numbers, integers or neither.</summary>
    public static (ulong Low, ulong High) Vector(Dice dice) => dice.Weighted([35, 35, 30]) switch
    {
        0 => (Double(dice), Double(dice)),
        1 => (Single(dice) | ((ulong)Single(dice) << 32), Single(dice) | ((ulong)Single(dice) << 32)),
        _ => (Integer(dice), Integer(dice)),
    };

    /// <summary>An x87 register: significand, then sign and exponent; now and then of a kind that the x87 calls invalid.</summary>
    public static (ulong Significand, ushort SignExponent) Extended(Dice dice)
    {
        var sign = (ushort)(dice.Percent(50) ? 0x8000 : 0);
        ulong integer = 1UL << 63;
        return dice.Weighted([25, 10, 8, 8, 8, 8, 25, 8]) switch
        {
            0 => (integer | (dice.Word() << dice.Below(64)), (ushort)(sign | (0x3FFF - 70 + dice.Below(140)))),
            1 => (0, sign),
            2 => (integer, (ushort)(sign | 0x7FFF)),
            3 => (integer | (integer >> 1) | (dice.Word() >> 2), (ushort)(sign | 0x7FFF)),
            4 => (integer | (dice.Word() >> 2) | 1, (ushort)(sign | 0x7FFF)),
            5 => (dice.Word() >> dice.Below(64), sign),
            6 => (integer >> dice.Below(2), (ushort)(sign | dice.Pick<ushort>([0x3FFF, 0x3FFE, 0x4000, 1, 0x7FFE, 0x403E, 0x401E]))),
            _ => (dice.Word(), (ushort)dice.Word()),
        };
    }

    /// <summary>A byte of the memory window's kind: numbers as above, one after the other.</summary>
    public static void Fill(Dice dice, Span<byte> window)
    {
        int kind = dice.Weighted([50, 25, 25]);
        for (int at = 0; at < window.Length; at += 8)
        {
            ulong word = kind switch
            {
                0 => Integer(dice),
                1 => Double(dice),
                _ => Single(dice) | ((ulong)Single(dice) << 32),
            };
            int count = Math.Min(8, window.Length - at);
            BitConverter.GetBytes(word).AsSpan(0, count).CopyTo(window.Slice(at, count));
        }
    }

    /// <summary>Somewhere in the code pages, mostly onto the INT3s.</summary>
    public static ulong CodeAddress(Dice dice) => Layout.Code + (ulong)dice.Below((int)Layout.CodeBytes);
}
