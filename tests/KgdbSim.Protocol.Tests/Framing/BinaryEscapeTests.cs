using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Framing;

/// <summary>GDB manual, "Overview", binary data.</summary>
public sealed class BinaryEscapeTests
{
    /// <summary>The manual's own example, 0x7d as 0x7d 0x5d, and the other bytes it names.</summary>
    [Theory]
    [InlineData("7d", "7d5d")]
    [InlineData("23", "7d03")]
    [InlineData("24", "7d04")]
    [InlineData("2a", "7d0a")]
    [InlineData("00ff2b2d03", "00ff2b2d03")]
    [InlineData("", "")]
    [InlineData("617d627d", "617d5d627d5d")]
    public void Escapes_exactly_what_must_be_escaped(string plain, string escaped)
    {
        byte[] source = Convert.FromHexString(plain);
        byte[] destination = new byte[32];
        BinaryEscape.Encode(source, destination, out int consumed, out int written);
        Assert.Equal(source.Length, consumed);
        Assert.Equal(escaped, Convert.ToHexStringLower(destination, 0, written));
        Assert.Equal(source.Length, BinaryEscape.DecodedLength(destination.AsSpan(0, written)));
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("617d")]
    [InlineData("7d5d7d")]
    public void Data_that_ends_inside_a_pair_is_refused(string escaped)
    {
        byte[] source = Convert.FromHexString(escaped);
        Assert.Equal(-1, BinaryEscape.DecodedLength(source));
        Assert.False(BinaryEscape.TryDecode(source, new byte[8], out _));
    }

    [Fact]
    public void Decoding_undoes_encoding_and_needs_exactly_the_room_it_says() => Property.Holds(300, random =>
    {
        byte[] plain = Property.Bytes(ref random, 400);
        byte[] escaped = new byte[2 * plain.Length];
        BinaryEscape.Encode(plain, escaped, out int consumed, out int written);
        Assert.Equal(plain.Length, consumed);
        ReadOnlySpan<byte> sent = escaped.AsSpan(0, written);
        Assert.Equal(-1, sent.IndexOfAny("#$*"u8));
        byte[] back = new byte[BinaryEscape.DecodedLength(sent)];
        Assert.True(BinaryEscape.TryDecode(sent, back, out int length));
        Assert.Equal(plain, back[..length]);
        Assert.False(back.Length > 0 && BinaryEscape.TryDecode(sent, new byte[back.Length - 1], out _));
    });

    [Fact]
    public void Encoding_in_pieces_gives_the_same_and_fills_what_fits() => Property.Holds(300, random =>
    {
        byte[] plain = Property.Bytes(ref random, 100);
        int room = 2 + (int)random.NextBelow(20);
        var pieces = new List<byte>();
        ReadOnlySpan<byte> rest = plain;
        while (!rest.IsEmpty)
        {
            byte[] piece = new byte[room];
            BinaryEscape.Encode(rest, piece, out int consumed, out int written);
            Assert.True(consumed > 0);
            Assert.Equal(consumed, BinaryEscape.FittingLength(rest, room));
            pieces.AddRange(piece[..written]);
            rest = rest[consumed..];
        }

        byte[] whole = new byte[2 * plain.Length];
        BinaryEscape.Encode(plain, whole, out _, out int length);
        Assert.Equal(whole[..length], pieces);
    });

    [Fact]
    public void Decoding_in_place_is_allowed() => Property.Holds(100, random =>
    {
        byte[] plain = Property.Bytes(ref random, 200);
        byte[] buffer = new byte[2 * plain.Length];
        BinaryEscape.Encode(plain, buffer, out _, out int written);
        Assert.True(BinaryEscape.TryDecode(buffer.AsSpan(0, written), buffer, out int length));
        Assert.Equal(plain, buffer[..length]);
    });
}
