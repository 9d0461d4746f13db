using System.IO.Compression;
using System.Text;
using KgdbSim.Target.Vectors;

namespace KgdbSim.Target.Tests.Vectors;

/// <summary>Reading vector files as FORMAT.md describes them.</summary>
public sealed class VectorReaderTests
{
    private const string Integer =
        """{"id":1709,"n":"add.b","b":"00c8","rip":"40000103","fl":"213","r":["1","2","3","4","5","6","7","8","9","a","b","c","d","e","f","10"],"m":["50000fe0","0102ff"],"o":{"rip":"40000105","fl":"293","r":{"0":"3","15":"abc"}},"u":{"fl":"10","r":"8000"}}""";

    private const string Faulting =
        """{"id":2,"n":"jmp.q","tag":"amd","b":"ebfe","rip":"40000103","fl":"213","r":["0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0"],"m":["50000fe0","00"],"o":{"exc":{"v":14,"e":20,"cr2":"1234","next":true},"rip":"1234","fl":"10213"}}""";

    private const string Sse =
        """{"id":3,"n":"addps","b":"0f58c1","rip":"40000103","fl":"2","r":["0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0"],"m":["50000fe0",""],"x":["0102030405060708090a0b0c0d0e0f10"],"mx":"1f80","o":{"rip":"40000106","fl":"2","x":{"0":"000000000000000000000000000000ff"},"mx":"1fa0"}}""";

    private const string X87 =
        """{"id":4,"n":"fchs","b":"d9e0","rip":"40000103","fl":"2","r":["0","0","0","0","0","0","0","0","0","0","0","0","0","0","0","0"],"m":["50000fe0",""],"fp":{"cw":"37f","sw":"3800","tw":"80","st":["00000000000000800140"]},"o":{"rip":"40000105","fl":"2"},"u":{"sw":"4500"}}""";

    [Fact]
    public void Integer_vectors_have_registers_memory_and_masks()
    {
        VectorRecord record = Single(Integer);
        Assert.Equal((1709L, "add.b", null, VectorFamily.Integer), (record.Id, record.Name, record.Tag, record.Family));
        Assert.Equal([0x00, 0xC8], record.Bytes.ToArray());
        Assert.Equal((0x40000103UL, 0x213UL), (record.Before.Rip, record.Before.Flags));
        Assert.Equal((0x40000105UL, 0x293UL), (record.After.Rip, record.After.Flags));
        Assert.Equal((1UL, 16UL), (record.Before.Gpr[0], record.Before.Gpr[15]));
        Assert.Equal((3UL, 2UL, 0xABCUL), (record.After.Gpr[0], record.After.Gpr[1], record.After.Gpr[15]));
        Assert.Equal((0x50000FE0UL, 3), (record.MemoryAddress, record.MemoryLength));
        Assert.Equal([1, 2, 0xFF], record.After.Memory[..3]);
        Assert.Equal((0x10UL, 0x8000U), (record.UndefinedFlags, record.UndefinedGpr));
        Assert.False(record.HasException);
    }

    [Fact]
    public void Exceptions_have_vector_error_address_and_place()
    {
        VectorRecord record = Single(Faulting);
        Assert.Equal("amd", record.Tag);
        Assert.True(record.HasException && record.NextFetch);
        Assert.Equal((14, 20U, 0x1234UL), (record.ExceptionVector, record.ErrorCode, record.Cr2));
    }

    [Fact]
    public void Sse_vectors_have_xmm_registers_in_memory_order()
    {
        VectorRecord record = Single(Sse);
        Assert.Equal(VectorFamily.Sse, record.Family);
        Assert.Equal((0x0807060504030201UL, 0x100F0E0D0C0B0A09UL), (record.Before.Xmm[0], record.Before.Xmm[1]));
        Assert.Equal((0UL, 0xFF00_0000_0000_0000UL), (record.After.Xmm[0], record.After.Xmm[1]));
        Assert.Equal((0x1F80U, 0x1FA0U), (record.Before.Mxcsr, record.After.Mxcsr));
    }

    [Fact]
    public void X87_vectors_without_an_outcome_stay_as_they_were()
    {
        VectorRecord record = Single(X87);
        Assert.Equal(VectorFamily.X87, record.Family);
        Assert.Equal((ushort)0x4500, record.UndefinedStatus);
        Assert.Equal((0x8000_0000_0000_0000UL, (ushort)0x4001), (record.After.X87.Significand[0], record.After.X87.SignExponent[0]));
        Assert.Equal(((ushort)0x37F, (ushort)0x3800, (byte)0x80), (record.After.X87.Control, record.After.X87.Status, record.After.X87.Tags));
    }

    [Fact]
    public void Masks_and_exceptions_of_one_line_do_not_reach_the_next()
    {
        using var reader = new VectorReader(Plain($"{Faulting}\n\n{Integer}\n{Sse}"));
        var record = new VectorRecord();
        Assert.True(reader.TryRead(record));
        Assert.True(reader.TryRead(record));
        Assert.Equal(3, reader.Line);
        Assert.False(record.HasException || record.NextFetch);
        Assert.Null(record.Tag);
        Assert.True(reader.TryRead(record));
        Assert.Equal((0UL, 0U), (record.UndefinedFlags, record.UndefinedGpr));
        Assert.False(reader.TryRead(record));
    }

    [Fact]
    public void Compressed_and_plain_files_read_alike_however_long_their_lines()
    {
        string longLine = Integer.Replace("\"id\"", $"\"a\":\"{new string('x', 600_000)}\",\"id\"", StringComparison.Ordinal);
        string text = $"{longLine}\n{Integer}\n";
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        packed.Position = 0;
        foreach (Stream stream in new[] { packed, Plain(text) })
        {
            using var reader = new VectorReader(stream);
            var record = new VectorRecord();
            Assert.True(reader.TryRead(record));
            Assert.True(reader.TryRead(record));
            Assert.Equal(1709, record.Id);
            Assert.False(reader.TryRead(record));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"id\":1,\"rip\":\"xyz\"}")]
    [InlineData("{\"id\":1,\"b\":\"0\"}")]
    [InlineData("{\"id\":1,\"r\":[\"0\"")]
    [InlineData("{\"id\":1,\"o\":{\"r\":{\"16\":\"0\"}}}")]
    public void A_line_that_is_no_vector_is_named(string line)
    {
        using var reader = new VectorReader(Plain($"{Integer}\n{line}\n"));
        var record = new VectorRecord();
        Assert.True(reader.TryRead(record));
        var error = Assert.Throws<InvalidDataException>(() => reader.TryRead(record));
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    private static VectorRecord Single(string line)
    {
        using var reader = new VectorReader(Plain(line));
        var record = new VectorRecord();
        Assert.True(reader.TryRead(record));
        return record;
    }

    private static MemoryStream Plain(string text) => new(Encoding.UTF8.GetBytes(text));
}
