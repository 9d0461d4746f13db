using System.Text;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Text;

public sealed class HexTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("00fF7e", "00ff7e")]
    public void Pairs_of_digits_are_bytes_in_either_case(string digits, string expected)
    {
        byte[] bytes = new byte[digits.Length / 2];
        Assert.True(Hex.TryDecode(Encoding.ASCII.GetBytes(digits), bytes));
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("0", 8)]
    [InlineData("0x", 8)]
    [InlineData("g0", 8)]
    [InlineData("0011", 1)]
    public void Anything_else_is_refused(string digits, int room) =>
        Assert.False(Hex.TryDecode(Encoding.ASCII.GetBytes(digits), new byte[room]));

    [Fact]
    public void Digit_knows_all_256_bytes()
    {
        const string Lower = "0123456789abcdef";
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            int expected = Lower.IndexOf((char)value, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(value > 127 ? -1 : expected, Hex.Digit((byte)value));
        }
    }

    [Theory]
    [InlineData(0UL, "0")]
    [InlineData(0x7fe0UL, "7fe0")]
    [InlineData(ulong.MaxValue, "ffffffffffffffff")]
    public void Numbers_have_no_leading_zeros(ulong value, string expected)
    {
        Span<byte> digits = stackalloc byte[16];
        int length = Hex.WriteNumber(digits, value);
        Assert.Equal(expected, Encoding.ASCII.GetString(digits[..length]));
    }

    [Fact]
    public void A_slice_of_hex_bytes_is_their_part()
    {
        var reader = new PayloadReader("00112233"u8);
        Assert.True(reader.TryHexBytes(out HexBytes bytes));
        byte[] part = new byte[2];
        bytes.Slice(1, 2).CopyTo(part);
        Assert.Equal([0x11, 0x22], part);
        Assert.Equal(4, bytes.Length);
    }

    [Fact]
    public void Copying_to_a_shorter_place_is_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() =>
        {
            var reader = new PayloadReader("0011"u8);
            reader.TryHexBytes(out HexBytes bytes);
            bytes.CopyTo(new byte[1]);
        });
        Assert.Throws<ArgumentException>(() =>
        {
            var reader = new PayloadReader("ab"u8);
            reader.TryEscapedBytes(out EscapedBytes bytes);
            bytes.CopyTo(new byte[1]);
        });
    }
}
