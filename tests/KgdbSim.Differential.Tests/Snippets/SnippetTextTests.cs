using KgdbSim.Differential.Tests.Runs;

namespace KgdbSim.Differential.Tests.Snippets;

public sealed class SnippetTextTests
{
    [Theory]
    [InlineData("90 => trap=3 error=0 cr2=0 rip=40000102")]
    [InlineData("c3 rip=40000104 flags=302 rsp=50000330 50000330=00000000000060000000000000000000 => trap=13 error=0 cr2=0 flags=10302")]
    [InlineData("0f58c1 mxcsr=9fc0 x0=000000000000803f00000000000000000000000000000000000000000000f07f => trap=3 error=0 cr2=0 rip=40000104 x0=0102030405060708090a0b0c0d0e0f100000000000000000000000000000f07f")]
    [InlineData("d9e8 fcw=c7f fsw=3000 ftw=f st0=0000000000000080 => endless fsw=2800 st7=000000000000008000c0")]
    public void A_line_that_is_read_is_written_the_same(string line) => Assert.Equal(line, CorpusLine.Parse(line).Canonical);

    [Fact]
    public void Registers_and_memory_are_where_the_text_says()
    {
        Snippet snippet = SnippetText.ReadSnippet("4801d8 rbx=12 ftw=80 50001008=aabb");

        unsafe
        {
            Assert.Equal(0x12UL, snippet.State.Gpr[3]);
        }

        Assert.Equal(0x80, snippet.State.Ftw);
        Assert.Equal(Layout.Data + 0x1008, snippet.WindowAddress);
        Assert.Equal([0xAA, 0xBB], snippet.Window);
    }

    [Theory]
    [InlineData("90")]
    [InlineData("90 nosuch=1 => trap=3")]
    public void What_is_no_line_is_refused(string line) => Assert.Throws<FormatException>(() => CorpusLine.Parse(line));
}
