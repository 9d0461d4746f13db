using System.Runtime.Intrinsics;
using System.Text;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>PCMPxSTRx against the rules of SDM vol. 2B, section 4.1.</summary>
public sealed class StringCompareTests
{
    private const byte EqualAny = 0x00;
    private const byte Ranges = 0x04;
    private const byte EqualEach = 0x08;
    private const byte EqualOrdered = 0x0C;
    private const byte Negative = 0x10;
    private const byte MaskedNegative = 0x30;
    private const byte MostSignificant = 0x40;

    [Theory]
    [InlineData("aeiou", "characters", EqualAny, 0b1001_0100)]
    [InlineData("az09", "Tab 7c!", Ranges, 0b0011_0110)]
    [InlineData("az0", "b0", Ranges, 0b01)]
    [InlineData("same", "sane", EqualEach, 0b1111_1111_1111_1011)]
    [InlineData("same", "sane", EqualEach | Negative, 0b0100)]
    [InlineData("abcd", "ab", EqualEach | MaskedNegative, 0b1111_1111_1111_0000)]
    [InlineData("ab", "xabyab", EqualOrdered, 0b01_0010)]
    [InlineData("", "anything", EqualOrdered, 0xFFFF)]
    [InlineData("", "anything", EqualAny, 0)]
    public void Mask_follows_from_comparison_and_polarity(string first, string second, byte control, int expected)
    {
        StringMatch result = PackedStringCompare.Implicit(Text(first), Text(second), control);
        Assert.Equal((uint)expected, result.Mask);
        Assert.True(result.FirstIsShort);
        Assert.True(result.SecondIsShort);
    }

    [Fact]
    public void Needle_that_runs_off_the_register_matches_there()
    {
        StringMatch result = PackedStringCompare.Implicit(Text("needle"), Text("in a haystacktop"), EqualOrdered);
        Assert.Equal(0u, result.Mask);
        Assert.False(result.SecondIsShort);
        result = PackedStringCompare.Implicit(Text("needle"), Text("in a haystack ne"), EqualOrdered);
        Assert.Equal(1u << 14, result.Mask);
    }

    [Theory]
    [InlineData(0, 0b0110, 1u)]
    [InlineData(MostSignificant, 0b0110, 2u)]
    [InlineData(0, 0, 16u)]
    [InlineData(MostSignificant, 0, 16u)]
    [InlineData(1, 0, 8u)]
    public void Index_is_the_first_or_last_set_bit(byte control, uint mask, uint expected) =>
        Assert.Equal(expected, PackedStringCompare.Index(mask, control));

    [Fact]
    public void Mask_is_spread_over_elements_or_not()
    {
        Assert.Equal(Vector128.CreateScalar(0x8001u).AsByte(), PackedStringCompare.ExpandMask(0x8001, 0));
        Assert.Equal(
            Vector128.Create(0xFFul, 0xFF00_0000_0000_0000).AsByte(),
            PackedStringCompare.ExpandMask(0x8001, MostSignificant));
        Assert.Equal(
            Vector128.Create(0xFFFFul, 0xFFFF_0000_0000_0000).AsByte(),
            PackedStringCompare.ExpandMask(0x81, MostSignificant | 1));
    }

    [Theory]
    [InlineData(-3, 3)]
    [InlineData(100, 16)]
    [InlineData(long.MinValue, 16)]
    [InlineData(0, 0)]
    public void Explicit_lengths_are_magnitudes_clamped_to_the_register(long length, int elements)
    {
        Vector128<byte> same = Vector128.Create((byte)'x');
        StringMatch result = PackedStringCompare.Explicit(same, same, 16, length, EqualAny);
        Assert.Equal((1u << elements) - 1, result.Mask);
        Assert.Equal(elements < 16, result.SecondIsShort);
        Assert.False(result.FirstIsShort);
    }

    [Fact]
    public void Signed_elements_order_below_zero()
    {
        Vector128<byte> bounds = Vector128.Create((byte)0x80, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Vector128<byte> text = Vector128.Create((byte)0x90, 0x10, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Assert.Equal(0b101u, PackedStringCompare.Explicit(bounds, text, 2, 3, Ranges | 2).Mask);
        Assert.Equal(0b101u, PackedStringCompare.Explicit(bounds, text, 2, 3, Ranges).Mask);
        Vector128<byte> across = bounds.WithElement(1, (byte)0x10);
        Assert.Equal(0b111u, PackedStringCompare.Explicit(across, text, 2, 3, Ranges | 2).Mask);
        Assert.Equal(0u, PackedStringCompare.Explicit(across, text, 2, 3, Ranges).Mask);
    }

    private static Vector128<byte> Text(string text)
    {
        byte[] bytes = new byte[16];
        Encoding.ASCII.GetBytes(text, bytes);
        return Vector128.Create(bytes);
    }
}
