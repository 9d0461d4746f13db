using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Framing;

/// <summary>GDB manual, "Overview", run-length encoding.</summary>
public sealed class RunLengthTests
{
    [Theory]
    [InlineData("0000", "0* ")]
    [InlineData("000", "000")]
    [InlineData("00000", "0*!")]
    [InlineData("000000", "0*\"")]
    [InlineData("0000000", "0*\"0")]
    [InlineData("00000000", "0*\"00")]
    [InlineData("000000000", "0*%")]
    [InlineData("a", "a")]
    [InlineData("", "")]
    [InlineData("abbbbcddddd", "ab* cd*!")]
    public void Encodes_runs_of_four_and_more(string plain, string encoded)
    {
        Assert.Equal(encoded, Encode(Encoding.ASCII.GetBytes(plain)));
    }

    /// <summary>The manual's example: "0* " means four zeros, and six or seven repeats cannot be said.</summary>
    [Theory]
    [InlineData("0* ", "0000")]
    [InlineData("0*\"00", "00000000")]
    [InlineData("0*~", "00000000000000000000000000000000000000000000000000" +
        "000000000000000000000000000000000000000000000000")]
    [InlineData("a0* b", "a0000b")]
    [InlineData("0* *!", "00000000")]
    public void Decodes_what_any_stub_may_send(string encoded, string plain)
    {
        byte[] destination = new byte[200];
        Assert.True(RunLength.TryDecode(Encoding.ASCII.GetBytes(encoded), destination, out int written));
        Assert.Equal(plain, Encoding.ASCII.GetString(destination, 0, written));
    }

    [Theory]
    [InlineData("* ")]
    [InlineData("0*")]
    [InlineData("0*\u001f")]
    [InlineData("0*\u007f")]
    public void Refuses_what_is_no_encoding(string encoded) =>
        Assert.False(RunLength.TryDecode(Encoding.ASCII.GetBytes(encoded), new byte[200], out _));

    [Fact]
    public void Refuses_to_write_beyond_the_destination()
    {
        Assert.False(RunLength.TryDecode("0* "u8, new byte[3], out _));
        Assert.False(RunLength.TryDecode("abcd"u8, new byte[3], out _));
    }

    /// <summary>A count character that looked like a frame's would end it.</summary>
    [Fact]
    public void No_length_of_run_gives_a_forbidden_count_character()
    {
        for (int length = 0; length < 1000; length++)
        {
            byte[] run = Enumerable.Repeat((byte)'0', length).ToArray();
            string encoded = Encode(run);
            Assert.Equal(-1, encoded.AsSpan().IndexOfAny("#$+-"));
            Assert.DoesNotContain(encoded, character => character is < ' ' or > '~');
            Assert.Equal(run, Decode(encoded));
        }
    }

    [Fact]
    public void Decoding_undoes_encoding_whatever_the_pieces() => Property.Holds(500, random =>
    {
        byte[] plain = [.. Property.Bytes(ref random, 600).Where(value => !"*#$"u8.Contains(value))];
        int room = 3 + (int)random.NextBelow(40);
        var encoded = new StringBuilder();
        ReadOnlySpan<byte> rest = plain;
        while (!rest.IsEmpty)
        {
            byte[] piece = new byte[room];
            RunLength.Encode(rest, piece, out int consumed, out int written);
            Assert.True(consumed > 0);
            encoded.Append(Encoding.Latin1.GetString(piece, 0, written));
            rest = rest[consumed..];
        }

        Assert.True(encoded.Length <= plain.Length);
        Assert.Equal(-1, encoded.ToString().AsSpan().IndexOfAny("#$"));
        Assert.Equal(plain, Decode(encoded.ToString()));
    });

    private static string Encode(byte[] plain)
    {
        byte[] destination = new byte[plain.Length + 3];
        RunLength.Encode(plain, destination, out int consumed, out int written);
        Assert.Equal(plain.Length, consumed);
        return Encoding.Latin1.GetString(destination, 0, written);
    }

    private static byte[] Decode(string encoded)
    {
        byte[] destination = new byte[2000];
        Assert.True(RunLength.TryDecode(Encoding.Latin1.GetBytes(encoded), destination, out int written));
        return destination[..written];
    }
}
