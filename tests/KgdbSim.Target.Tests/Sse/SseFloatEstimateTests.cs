using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>RCPSS and RSQRTSS: the error bound and the special cases of SDM vol. 2B.</summary>
public sealed class SseFloatEstimateTests
{
    private const double Bound = 1.5 / 4096;

    [Fact]
    public void Relative_error_is_within_the_manuals_bound()
    {
        var samples = new VectorSamples();
        for (int i = 0; i < 20000; i++)
        {
            // Exponents 2..253 keep the results normal.
            uint bits = ((2 + ((uint)samples.NextWord() % 250)) << 23) | ((uint)samples.NextWord() & 0x7F_FFFF);
            float x = BitConverter.UInt32BitsToSingle(bits);
            double reciprocal = SseFloatEstimate.Reciprocal(x) * (double)x;
            double root = SseFloatEstimate.ReciprocalSquareRoot(x) * Math.Sqrt(x);
            Assert.True(Math.Abs(reciprocal - 1) <= Bound && Math.Abs(root - 1) <= Bound,
                $"x={x:R}: x * rcp = {reciprocal:R}, sqrt(x) * rsqrt = {root:R}. "
                + samples.Reproduce(nameof(Relative_error_is_within_the_manuals_bound)));
        }
    }

    [Theory]
    [InlineData(0x00000000, 0x7F800000)]
    [InlineData(0x80000000, 0xFF800000)]
    [InlineData(0x00000001, 0x7F800000)]
    [InlineData(0x807FFFFF, 0xFF800000)]
    [InlineData(0x7F800000, 0x00000000)]
    [InlineData(0xFF800000, 0x80000000)]
    [InlineData(0x7F000001, 0x00000000)]
    [InlineData(0x7F800001, 0x7FC00001)]
    [InlineData(0xFFC12345, 0xFFC12345)]
    public void Reciprocal_of_special_values(uint x, uint expected) => Assert.Equal(
        expected,
        BitConverter.SingleToUInt32Bits(SseFloatEstimate.Reciprocal(BitConverter.UInt32BitsToSingle(x))));

    [Theory]
    [InlineData(0x00000000, 0x7F800000)]
    [InlineData(0x80000000, 0xFF800000)]
    [InlineData(0x00000001, 0x7F800000)]
    [InlineData(0x80000001, 0xFF800000)]
    [InlineData(0x7F800000, 0x00000000)]
    [InlineData(0xFF800000, 0xFFC00000)]
    [InlineData(0xBF800000, 0xFFC00000)]
    [InlineData(0x7F800001, 0x7FC00001)]
    [InlineData(0x40800000, 0x3F000000)]
    public void Reciprocal_root_of_special_values(uint x, uint expected) => Assert.Equal(
        expected,
        BitConverter.SingleToUInt32Bits(SseFloatEstimate.ReciprocalSquareRoot(BitConverter.UInt32BitsToSingle(x))));
}
