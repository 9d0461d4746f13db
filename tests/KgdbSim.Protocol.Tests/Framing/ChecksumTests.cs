using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.Framing;

public sealed class ChecksumTests
{
    /// <summary>Frames seen from gdb 13.1 and QEMU 7.2.</summary>
    [Theory]
    [InlineData("", 0x00)]
    [InlineData("OK", 0x9a)]
    [InlineData("g", 0x67)]
    [InlineData("qTStatus", 0x49)]
    [InlineData("vMustReplyEmpty", 0x3a)]
    [InlineData("Hg0", 0xdf)]
    public void Matches_frames_seen_on_the_wire(string payload, int expected) =>
        Assert.Equal(expected, Checksum.Of(System.Text.Encoding.ASCII.GetBytes(payload)));

    [Fact]
    public void Is_the_sum_modulo_256_whatever_the_length_and_the_segments() => Property.Holds(200, random =>
    {
        byte[] bytes = Property.Bytes(ref random, 300);
        int sum = bytes.Sum(value => value) % 256;
        Assert.Equal(sum, Checksum.Of(bytes));
        int cut = (int)random.NextBelow((ulong)bytes.Length + 1);
        Assert.Equal(sum, Checksum.Of(Testing.SegmentedBuffer.Cut(bytes, cut)));
    });
}
