using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.Text;

public sealed class GdbCrc32Tests
{
    /// <summary>The catalogue's check value of CRC-32/MPEG-2.</summary>
    [Fact]
    public void Gives_the_published_check_value() =>
        Assert.Equal(0x0376E6E7u, GdbCrc32.Append(GdbCrc32.Initial, "123456789"u8));

    [Fact]
    public void Can_be_continued() =>
        Assert.Equal(0x0376E6E7u, GdbCrc32.Append(GdbCrc32.Append(GdbCrc32.Initial, "1234"u8), "56789"u8));

    [Fact]
    public void Of_nothing_is_the_initial_value() =>
        Assert.Equal(0xFFFFFFFFu, GdbCrc32.Append(GdbCrc32.Initial, default));
}
